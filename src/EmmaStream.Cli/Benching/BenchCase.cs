using EmmaStream.Cli.Options;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Cli.Benching;

/// <summary>One row of a bench: a fuser at a size.</summary>
/// <param name="Fuser">What fuses.</param>
/// <param name="Size">Size of the pictures.</param>
/// <param name="Scale">Size at which the network runs.</param>
/// <param name="Batch">Pairs in one call.</param>
internal sealed record BenchCase(BenchFuser Fuser, FrameSize Size, FusionScale Scale = FusionScale.Full, int Batch = 1)
{
    /// <summary>
    /// Operations of the published network, computed directly, for one pair of this size, in GFLOP: 48.3 at 640x480, by the pixels of the padded
    /// picture. Null where no network runs, or runs at another size.
    /// </summary>
    public double? DirectGflop => Fuser.Kind == FuserKind.Emma && Scale == FusionScale.Full ? 48.3 * Padded(Size.Width) * Padded(Size.Height) / (640 * 480) : null;

    /// <summary>Whether the reduced picture is large enough for the network.</summary>
    public bool IsLargeEnough =>
        Fuser.Kind != FuserKind.Emma || (Math.Min(Size.Width, Size.Height) + (int)Scale - 1) / (int)Scale >= UFuserSchema.SmallestSize;

    /// <summary>All rows, size by size: every fuser, at every scale and batch that mean something to it.</summary>
    public static IReadOnlyList<BenchCase> All(
        IReadOnlyList<BenchFuser> fusers, IReadOnlyList<FrameSize> sizes, IReadOnlyList<FusionScale> scales, IReadOnlyList<int> batches) =>
        [.. (from size in sizes from fuser in fusers from scale in ScalesOf(fuser, scales) from batch in BatchesOf(fuser, batches) select new BenchCase(fuser, size, scale, batch)).Distinct()];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Fuser.Name}{(Fuser.Threads is { } n ? $", {Counted.Of(n, "thread")}" : "")}, {Size}{(Scale == FusionScale.Full ? "" : $" at {FusionScales.Format(Scale)}")}{(Batch == 1 ? "" : $", batch {Batch}")}";

    private static IReadOnlyList<FusionScale> ScalesOf(BenchFuser fuser, IReadOnlyList<FusionScale> scales) => fuser.TakesScales ? scales : [FusionScale.Full];

    private static IReadOnlyList<int> BatchesOf(BenchFuser fuser, IReadOnlyList<int> batches) => fuser.TakesScales || fuser.Engine is null ? batches : [1];

    private static int Padded(int extent) => (extent + UFuserSchema.SizeStep - 1) / UFuserSchema.SizeStep * UFuserSchema.SizeStep;
}
