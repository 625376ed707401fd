using System.Collections.Concurrent;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EmmaStream.Training.Tests.Data;

/// <summary>Collects what is logged from warnings on.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<string> _lines = new();

    public LogLines() => Log = new LoggerConfiguration().MinimumLevel.Warning().WriteTo.Sink(this).CreateLogger();

    public ILogger Log { get; }

    public IReadOnlyCollection<string> Warnings => _lines;

    public void Emit(LogEvent logEvent) => _lines.Enqueue(logEvent.RenderMessage(CultureInfo.InvariantCulture));
}
