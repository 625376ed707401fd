using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.TestPattern;

/// <summary>What the painted night street looks like to its two cameras. Equal options give equal bytes.</summary>
public sealed record TestPatternOptions
{
    /// <summary>Pixels of the visible: 160x120 to 3840x2160; 640x480. The street is as high as the picture; wider pictures show more of it.</summary>
    public FrameSize VisibleSize { get; init; } = new(640, 480);

    /// <summary>Pixels of the infrared: 160x120 to 3840x2160; 640x480.</summary>
    public FrameSize InfraredSize { get; init; } = new(640, 480);

    /// <summary>Frames per second of the visible: 1 to 240, any ratio; 25.</summary>
    public RationalTime VisibleRate { get; init; } = new(25, 1);

    /// <summary>Frames per second of the infrared: 1 to 240, any ratio; 25.</summary>
    public RationalTime InfraredRate { get; init; } = new(25, 1);

    /// <summary>Length of each view, above 0; null, the default, together with <see cref="Frames"/> null: it never ends. The shorter of the two holds.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Frames of each view, at least 1; null: as <see cref="Duration"/> says.</summary>
    public long? Frames { get; init; }

    /// <summary>Chooses bricks, lit windows, stars and noise; any number; 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Standard deviation of the noise in both views, in 8-bit levels: 0 to 10; 1.2.</summary>
    public double Noise { get; init; } = 1.2;

    /// <summary>
    /// What has to be added to the infrared's capture times to bring them to the visible's (the right value of an infrared offset): -10 s to 10 s; 0.
    /// An infrared frame stamped t shows the street as it is at t + offset.
    /// </summary>
    public TimeSpan InfraredOffset { get; init; }

    /// <summary>
    /// Row-major 3x3 homography, infrared pixel to visible pixel, pixel centres at integers; null, the default: both cameras see the same
    /// rectangle, so this is the plain scale between the sizes. See <see cref="InfraredToVisible"/>.
    /// </summary>
    public IReadOnlyList<double>? Homography { get; init; }

    /// <summary>Whether the infrared is gray16 (counts of about 29000 to 33100, 16 a level) instead of gray8; false.</summary>
    public bool Infrared16Bit { get; init; }

    /// <summary>Whether each view carries its frame number as blocks (<see cref="FrameCounter"/>); true.</summary>
    public bool Counter { get; init; } = true;

    /// <summary>The homography that holds, infrared pixel to visible pixel: 9 numbers, row-major, pixel centres at integers.</summary>
    public IReadOnlyList<double> InfraredToVisible
    {
        get
        {
            if (Homography is not null)
                return Homography;
            double x = (double)VisibleSize.Width / InfraredSize.Width, y = (double)VisibleSize.Height / InfraredSize.Height;
            return [x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1];
        }
    }

    /// <summary>Everything that is out of range, one line each, the property named under <paramref name="path"/>; empty if all is well.</summary>
    public IEnumerable<string> Problems(string path)
    {
        foreach ((string name, FrameSize size) in new[] { ("visibleSize", VisibleSize), ("infraredSize", InfraredSize) })
        {
            if (size.Width is < 160 or > 3840 || size.Height is < 120 or > 2160)
                yield return $"{path}.{name} is {size}; allowed are 160x120 to 3840x2160";
        }
        foreach ((string name, RationalTime rate) in new[] { ("visibleRate", VisibleRate), ("infraredRate", InfraredRate) })
        {
            if (!(rate.Value is >= 1 and <= 240))
                yield return $"{path}.{name} is {rate}; allowed are 1 to 240 frames per second";
        }
        if (Duration <= TimeSpan.Zero)
            yield return $"{path}.duration is {Duration.Value.TotalSeconds} s; it must be above 0";
        if (Frames < 1)
            yield return $"{path}.frames is {Frames}; at least 1 is needed";
        if (!(Noise is >= 0 and <= 10))
            yield return $"{path}.noise is {Noise}; allowed are 0 to 10 levels";
        if (InfraredOffset.Duration() > TimeSpan.FromSeconds(10))
            yield return $"{path}.infraredOffset is {InfraredOffset.TotalSeconds} s; allowed are -10 s to 10 s";
        if (Homography is not null && !IsUsable(Homography, InfraredSize))
            yield return $"{path}.homography must be 9 finite numbers (3x3, row-major) that map every infrared pixel to one visible pixel at most 4 picture widths away";
    }

    private static bool IsUsable(IReadOnlyList<double> h, FrameSize infrared)
    {
        if (h.Count != 9 || h.Any(v => !double.IsFinite(v)))
            return false;
        double det = h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]);
        if (Math.Abs(det) < 1e-6)
            return false;
        double reach = 4.0 * 3840;
        foreach ((double x, double y) in new[] { (0.0, 0.0), (infrared.Width, 0.0), (0.0, infrared.Height), (infrared.Width, (double)infrared.Height) })
        {
            double w = h[6] * x + h[7] * y + h[8];
            if (!(w > 1e-3) || Math.Abs(h[0] * x + h[1] * y + h[2]) > reach * w || Math.Abs(h[3] * x + h[4] * y + h[5]) > reach * w)
                return false;
        }
        return true;
    }
}
