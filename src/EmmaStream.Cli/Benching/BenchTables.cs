using System.Globalization;

namespace EmmaStream.Cli.Benching;

/// <summary>What the columns of each kind of bench are, and what its legend says of them.</summary>
internal static class BenchTables
{
    private const string Included = "planes in memory to a plane in memory, without decoding or encoding";

    public static BenchReport OfFusers(BenchMachine machine, FuserResult result)
    {
        BenchTable fusers = BenchTable.Of(
            [
                $"Times: {Included}.",
                "op-by-op: libtorch as published; torch: libtorch, merged; cpu: our engine.",
                string.Create(CultureInfo.InvariantCulture, $"n: pairs a call; ms: median a pair, {result.Rounds} rounds in turn; ratio: op-by-op's ms by"),
                "these, of the same size and threads; GF/s: 48.3 GFLOP a 640x480 pair (the direct",
                "form, at full size) by these ms; peak: their share of the multiply-add peak,",
                string.Create(CultureInfo.InvariantCulture, $"{result.PeakGflopsPerSecond:0.0} GFLOP/s a core in this run, for each thread."),
            ],
            result.Rows,
            new("engine", r => r.Engine), new("size", r => r.Size), new("thr", r => Text(r.Threads)), new("scale", r => r.Scale), new("n", r => Text<int>(r.Batch)),
            new("ms", r => Short(r.MedianMs)), new("p95", r => Short(r.P95Ms)), new("fps", r => Short(r.FramesPerSecond)), new("ratio", r => Ratio(r.Ratio)),
            new("GF/s", r => r.GflopsPerSecond is { } rate ? rate.ToString("0", CultureInfo.InvariantCulture) : "-"), new("peak", r => Percent(r.PeakShare, "0")),
            new("bytes", r => Text<long>(r.AllocatedBytes), IsWide: true), new("fuser", r => r.Fuser, IsWide: true));
        BenchTable layers = BenchTable.Of(
            [
                "Parts of the network, cpu engine, one thread; ms: median; share: of a frame.",
                "I_en_n, V_en_n: encoders of infrared and visible at level n (half the size of",
                "level n - 1); f_n: fusion; de_n: decoder; size: of the picture. I_down_n,",
                "V_down_n and last run within the block before them.",
            ],
            result.Layers,
            new("layer", r => r.Layer), new("size", r => r.Size), new("ms", r => Short(r.MedianMs)), new("share", r => Percent(r.Share, "0.0")));
        return new(
            machine, result.Layers.Count > 0 ? [fusers, layers] : [fusers],
            new { machine, included = Included, baseline = "op-by-op", result.PeakGflopsPerSecond, result.Rounds, result.Rows, result.Layers });
    }

    public static BenchReport OfEngines(BenchMachine machine, IReadOnlyList<EnginePipelineRow> rows)
    {
        BenchTable table = BenchTable.Of(
            [
                "Two H.264 clips decoded, fused, encoded; medians of five rounds in turn.",
                "fps: the pipeline; alone, inside: the engine's ms a frame alone and in it;",
                "kept: alone / inside; own: the pipeline's own processor ms a frame, without",
                "decode, fuse and encode; share: own / alone. Short runs give kept above 1.",
            ],
            rows,
            new("engine", r => r.Engine), new("size", r => r.Size), new("thr", r => Text(r.Threads)), new("scale", r => r.Scale), new("frames", r => Text<int>(r.Frames)),
            new("fps", r => Short(r.FramesPerSecond)), new("alone", r => Short(r.AloneMs)), new("inside", r => Short(r.InsideMs)), new("kept", r => Ratio(r.SpeedKept)),
            new("own", r => Short(r.OwnMs)), new("share", r => Percent(r.OwnShare, "0.0")));
        return new(machine, [table], new { machine, included = "decoding and encoding by ffmpeg on the same cores", rows });
    }

    public static BenchReport OfPipelines(BenchMachine machine, IReadOnlyList<PipelineRow> rows)
    {
        BenchTable table = BenchTable.Of(
            [
                "Two H.264 clips decoded, averaged, encoded; medians of five rounds in turn.",
                "own: processor ms of our process a frame, without fusing; share: that of one",
                "core at 30 fps; bytes: allocated a frame.",
            ],
            rows,
            new("size", r => r.Size), new("frames", r => Text<int>(r.Frames)), new("ours fps", r => Short(r.OursFps)), new("ffmpeg fps", r => Short(r.FfmpegFps)),
            new("ratio", r => Ratio(r.Ratio)), new("own ms", r => Short(r.OwnMsPerFrame)), new("share", r => Percent(r.OwnShareAt30Fps, "0.0")),
            new("bytes", r => Text<long>(r.AllocatedBytesPerFrame)));
        return new(machine, [table], new { machine, included = "decoding and encoding by ffmpeg on the same cores", rows });
    }

    // Four digits are more than a clock is worth.
    private static string Short(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);

    private static string Ratio(double? value) => value is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "-";

    private static string Percent(double? value, string digits) => value is { } share ? (100 * share).ToString(digits, CultureInfo.InvariantCulture) + "%" : "-";

    private static string Text<T>(T? value) where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "-";
}
