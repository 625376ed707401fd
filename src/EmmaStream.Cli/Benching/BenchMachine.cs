using System.Globalization;
using EmmaStream.Cli.Reports;
using EmmaStream.Fusion.Cpu;

namespace EmmaStream.Cli.Benching;

/// <summary>On what a bench ran.</summary>
/// <param name="Processor">Its name, as the system gives it.</param>
/// <param name="Cores">Processors that the program may use.</param>
/// <param name="VectorBits">Width of the vectors that our engine computes with.</param>
/// <param name="Precision">In what the network computes.</param>
/// <param name="Weights">EMMA's weights; null where it is not measured.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="Version">This program's.</param>
internal sealed record BenchMachine(string Processor, int Cores, int VectorBits, string Precision, string? Weights, string Runtime, string Version)
{
    public static BenchMachine ThisOne(string? weights, bool usesCuda) => new(
        ReportJson.Processor, Environment.ProcessorCount, FmaPeak.VectorBits, usesCuda ? "float32; torch on CUDA half" : "float32", weights,
        $".NET {Environment.Version}", ReportJson.ShortVersion);

    /// <summary>Two lines for the head of a table.</summary>
    public IEnumerable<string> Lines() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, {VectorBits}-bit vectors, {Runtime}, emmastream {Version}."),
        $"{Precision}{(Weights is null ? "" : $", weights {Weights}")}.",
    ];
}
