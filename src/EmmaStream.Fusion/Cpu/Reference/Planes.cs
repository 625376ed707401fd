namespace EmmaStream.Fusion.Cpu.Reference;

/// <summary>A feature map of the reference network: [C, H, W], row-major float32.</summary>
/// <param name="channels">C.</param>
/// <param name="height">H, rows.</param>
/// <param name="width">W, columns.</param>
internal sealed class Planes(int channels, int height, int width)
{
    public int Channels { get; } = channels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public float[] Values { get; } = new float[channels * height * width];

    public ref float this[int c, int y, int x] => ref Values[(((c * Height) + y) * Width) + x];

    /// <summary>One channel, H x W.</summary>
    public Span<float> Channel(int c) => Values.AsSpan(c * Height * Width, Height * Width);

    /// <summary>Channels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, copied.</summary>
    public Planes Slice(int first, int count)
    {
        var part = new Planes(count, Height, Width);
        Values.AsSpan(first * Height * Width, count * Height * Width).CopyTo(part.Values);
        return part;
    }

    /// <summary>The channels of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    public static Planes Concat(Planes a, Planes b)
    {
        var joined = new Planes(a.Channels + b.Channels, a.Height, a.Width);
        a.Values.CopyTo(joined.Values, 0);
        b.Values.CopyTo(joined.Values, a.Values.Length);
        return joined;
    }

    /// <summary>Element-wise sum.</summary>
    public static Planes operator +(Planes a, Planes b)
    {
        var sum = new Planes(a.Channels, a.Height, a.Width);
        for (int i = 0; i < sum.Values.Length; i++)
            sum.Values[i] = a.Values[i] + b.Values[i];
        return sum;
    }

    /// <summary>Every value through <paramref name="function"/>.</summary>
    public Planes Map(Func<float, float> function)
    {
        var mapped = new Planes(Channels, Height, Width);
        for (int i = 0; i < Values.Length; i++)
            mapped.Values[i] = function(Values[i]);
        return mapped;
    }
}
