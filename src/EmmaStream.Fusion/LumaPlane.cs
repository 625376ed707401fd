namespace EmmaStream.Fusion;

/// <summary>A view of one luma picture in float, nominally [0, 1]. Who makes it keeps the memory alive.</summary>
/// <param name="data">First sample.</param>
/// <param name="width">Columns.</param>
/// <param name="height">Rows.</param>
/// <param name="stride">Samples from row to row, at least <paramref name="width"/>.</param>
public readonly unsafe struct LumaPlane(float* data, int width, int height, int stride)
{
    /// <summary>First sample.</summary>
    public float* Data { get; } = data;

    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>Samples from row to row.</summary>
    public int Stride { get; } = stride;

    /// <summary>Row <paramref name="y"/>, <see cref="Width"/> samples.</summary>
    public Span<float> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new(Data + (nint)y * Stride, Width);
    }
}
