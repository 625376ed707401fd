using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// The memory that measuring one trio needs: the planes in double, rows of window sums, histograms. It grows to the largest picture seen and
/// is then reused without allocating. One thread at a time.
/// </summary>
public sealed class MetricsWorkspace
{
    private readonly PaddedPlane[] _scaled = [new(), new(), new(), new(), new(), new()];
    private double[] _rows = [];

    internal PaddedPlane Fused { get; } = new();

    internal PaddedPlane Infrared { get; } = new();

    internal PaddedPlane Visible { get; } = new();

    internal int[] JointHistogram { get; } = new int[256 * 256];

    /// <summary>Takes the planes in as double; every metric on windows reads them here.</summary>
    public void Load(in PlaneTrio planes)
    {
        Fused.Load(planes.Fused);
        Infrared.Load(planes.Infrared);
        Visible.Load(planes.Visible);
    }

    /// <summary>Three planes for a smaller scale; two sets take turns, as one is made from the other.</summary>
    internal (PaddedPlane Fused, PaddedPlane Infrared, PaddedPlane Visible) Scaled(int set, int width, int height)
    {
        for (int i = 0; i < 3; i++)
            _scaled[set * 3 + i].Resize(width, height);
        return (_scaled[set * 3], _scaled[set * 3 + 1], _scaled[set * 3 + 2]);
    }

    /// <summary><paramref name="count"/> rows of <paramref name="stride"/> doubles, undefined.</summary>
    internal Span<double> Rows(int count, int stride)
    {
        if (_rows.Length < count * stride)
            _rows = new double[count * stride];
        return _rows.AsSpan(0, count * stride);
    }
}
