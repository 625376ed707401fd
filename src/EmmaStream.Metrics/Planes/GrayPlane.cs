namespace EmmaStream.Metrics.Planes;

/// <summary>
/// A gray picture of whole numbers 0..255, row by row without gaps: what every metric is defined on. The memory is kept when the plane takes
/// another picture of no more pixels, so one plane per thread serves a whole folder. Not safe for use by several threads while written.
/// </summary>
public sealed class GrayPlane
{
    private byte[] _samples;

    /// <summary>A plane of <paramref name="width"/> x <paramref name="height"/> zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the plane has more than 2^30 pixels.</exception>
    public GrayPlane(int width, int height)
    {
        _samples = [];
        Resize(width, height);
    }

    /// <summary>A plane over <paramref name="samples"/>, row by row, which it takes over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the plane has more than 2^30 pixels.</exception>
    /// <exception cref="ArgumentException"><paramref name="samples"/> holds fewer than width x height.</exception>
    public GrayPlane(int width, int height, byte[] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Length < (long)width * height)
            throw new ArgumentException($"{samples.Length} samples for {width}x{height}", nameof(samples));
        _samples = samples;
        Resize(width, height);
    }

    /// <summary>Columns.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>Pixels, width x height.</summary>
    public int Area => Width * Height;

    /// <summary>All samples, row by row.</summary>
    public ReadOnlySpan<byte> Samples => _samples.AsSpan(0, Area);

    /// <summary>All samples, for whoever fills the plane.</summary>
    public Span<byte> WritableSamples => _samples.AsSpan(0, Area);

    /// <summary>The samples of row <paramref name="y"/>.</summary>
    public ReadOnlySpan<byte> Row(int y) => _samples.AsSpan(y * Width, Width);

    /// <summary>Gives the plane another size; its samples are undefined afterwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the plane has more than 2^30 pixels.</exception>
    public void Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, 1L << 30, nameof(width));
        if (_samples.Length < width * height)
            _samples = new byte[width * height];
        Width = width;
        Height = height;
    }

    /// <summary>Takes over the size and samples of <paramref name="other"/>.</summary>
    public void CopyFrom(GrayPlane other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Resize(other.Width, other.Height);
        other.Samples.CopyTo(WritableSamples);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
