using EmmaStream.Cli.Options;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace EmmaStream.Cli.Running;

/// <summary>The log of one run: short lines on standard error, and JSON lines in a file if asked for.</summary>
internal static class RunLog
{
    /// <summary>Opens the log.</summary>
    /// <exception cref="Fault">The log file cannot be written.</exception>
    public static Logger Open(LogOptions options, bool quiet)
    {
        LoggerConfiguration configuration = new LoggerConfiguration().MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.Level.ToString())).WriteTo.Console(
            outputTemplate: "{Level:w4}: {Message:lj}{NewLine}{Exception}",
            restrictedToMinimumLevel: quiet ? LogEventLevel.Warning : LogEventLevel.Verbose,
            standardErrorFromLevel: LogEventLevel.Verbose,
            formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        if (options.File is { } path)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                File.AppendAllText(path, "");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CompleteFile.CannotWrite(path, null, e);
            }
            configuration.WriteTo.File(new CompactJsonFormatter(), path);
        }
        return configuration.CreateLogger();
    }
}
