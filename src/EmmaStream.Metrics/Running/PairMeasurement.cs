using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Running;

/// <summary>Reads and measures one pair after another on one thread, reusing planes and workspace.</summary>
internal sealed class PairMeasurement(EvaluationOptions options, InfraredRegistration? registration, FramePool pool)
{
    private readonly GrayPlaneReader _reader = new(pool);
    private readonly MetricsWorkspace _workspace = new();
    private readonly GrayPlane _infrared = new(1, 1), _visible = new(1, 1), _fused = new(1, 1);
    private readonly GrayPlane _rawInfrared = new(1, 1), _rawVisible = new(1, 1);

    /// <summary>Pictures read so far of which only the upper 8 of 16 bits were measured.</summary>
    public long NarrowedPictures => _reader.NarrowedPictures;

    /// <summary>What measuring one pair gave.</summary>
    /// <param name="Item">Null where a source could not be read.</param>
    /// <param name="FullRange">By method, whether its picture spans 0 to 255.</param>
    /// <param name="Skipped">What could not be measured.</param>
    public sealed record Outcome(ItemReport? Item, bool[] FullRange, IReadOnlyList<SkippedItem> Skipped);

    public Outcome Measure(string name, ItemFiles files)
    {
        int methods = options.Fused.Count;
        Scores?[] scores = new Scores?[methods];
        bool[] fullRange = new bool[methods];
        List<SkippedItem> skipped = [];
        if (!TryRead(files.Infrared, _rawInfrared, name, null, skipped) | !TryRead(files.Visible, _rawVisible, name, null, skipped))
            return new(null, fullRange, skipped);
        for (int m = 0; m < methods; m++)
        {
            if (files.Fused[m] is not { } path || !TryRead(path, _fused, name, options.Fused[m].Method, skipped))
                continue;
            if (TryMeasure(name, options.Fused[m].Method, skipped) is { } measured)
                (scores[m], fullRange[m]) = (measured, SpansFullRange(_fused));
        }
        ItemReport? item = scores.All(s => s is null) ? null : new ItemReport(name, _infrared.Width, _infrared.Height, scores, files);
        return new(item, fullRange, skipped);
    }

    /// <summary>Whether both ends of the scale occur.</summary>
    public static bool SpansFullRange(GrayPlane plane) => plane.Samples.Contains((byte)0) && plane.Samples.Contains((byte)255);

    private Scores? TryMeasure(string name, string method, List<SkippedItem> skipped)
    {
        _infrared.CopyFrom(_rawInfrared);
        _visible.CopyFrom(_rawVisible);
        try
        {
            registration?.Apply(_infrared, _visible);
            if ((_fused.Width, _fused.Height) == (_infrared.Width, _infrared.Height) && (_fused.Width, _fused.Height) == (_visible.Width, _visible.Height))
                return ImageMetrics.Measure(new PlaneTrio(_fused, _infrared, _visible), _workspace, options.LinfengTang);
            skipped.Add(new(name, method, SizesDiffer(_fused, _infrared, _visible)));
        }
        catch (Fault fault)
        {
            skipped.Add(new(name, method, fault.Message));
        }
        return null;
    }

    /// <summary>Says which sizes differ and what to do.</summary>
    public static string SizesDiffer(GrayPlane fused, GrayPlane infrared, GrayPlane visible) =>
        $"sizes differ: fused {fused}, infrared {infrared}, visible {visible}. Give pictures of one size, or --registration";

    private bool TryRead(string path, GrayPlane into, string name, string? method, List<SkippedItem> skipped)
    {
        try
        {
            _reader.Read(path, into);
            return true;
        }
        catch (Fault fault)
        {
            skipped.Add(new(name, method, fault.Message) { NamesFile = true });
            return false;
        }
    }
}
