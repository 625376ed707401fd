namespace EmmaStream.Core.Time;

/// <summary>An exact ratio: a time base in seconds per tick (1/90000), or a frame rate in frames per second (30000/1001).</summary>
/// <param name="Numerator">Above 0 in a valid value.</param>
/// <param name="Denominator">Above 0 in a valid value.</param>
public readonly record struct RationalTime(long Numerator, long Denominator)
{
    /// <summary>The time base of every frame stream between us and ffmpeg: 1/90000 s (RFC 3551 section 5).</summary>
    public static RationalTime Video { get; } = new(1, 90000);

    /// <summary>Whether both parts are above 0.</summary>
    public bool IsValid => Numerator > 0 && Denominator > 0;

    /// <summary>The ratio as a number; NaN where it is not valid.</summary>
    public double Value => IsValid ? (double)Numerator / Denominator : double.NaN;

    /// <summary>The moment of <paramref name="ticks"/> ticks of this time base, rounded to the nearest nanosecond.</summary>
    public Timestamp ToTimestamp(long ticks)
    {
        Int128 scaled = (Int128)ticks * Numerator * 1_000_000_000;
        Int128 half = Denominator / 2;
        return new((long)((scaled >= 0 ? scaled + half : scaled - half) / Denominator));
    }

    /// <summary>Ticks of this time base nearest to <paramref name="time"/>.</summary>
    public long ToTicks(Timestamp time)
    {
        Int128 scaled = (Int128)time.Nanoseconds * Denominator;
        Int128 divisor = (Int128)Numerator * 1_000_000_000;
        return (long)((scaled >= 0 ? scaled + divisor / 2 : scaled - divisor / 2) / divisor);
    }

    /// <summary>Length of one period of this frame rate.</summary>
    public TimeSpan Period => TimeSpan.FromTicks((long)Math.Round(1e7 * Denominator / Numerator));

    /// <inheritdoc/>
    public override string ToString() => Denominator == 1 ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}
