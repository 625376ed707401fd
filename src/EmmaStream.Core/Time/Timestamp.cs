namespace EmmaStream.Core.Time;

/// <summary>A moment on the process's one monotonic time line, in nanoseconds. For files the line is the container's own.</summary>
/// <param name="Nanoseconds">Distance from the line's zero, ns; negative values are legal (a file may start before 0).</param>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>The moment at <paramref name="milliseconds"/> ms, rounded to a nanosecond.</summary>
    public static Timestamp FromMilliseconds(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    /// <summary>Seconds from the line's zero.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Distance from <paramref name="earlier"/> to <paramref name="later"/>, cut to 100 ns.</summary>
    public static TimeSpan operator -(Timestamp later, Timestamp earlier) => new((later.Nanoseconds - earlier.Nanoseconds) / 100);

    /// <summary>The moment <paramref name="distance"/> after <paramref name="start"/>.</summary>
    public static Timestamp operator +(Timestamp start, TimeSpan distance) => new(start.Nanoseconds + distance.Ticks * 100);

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is earlier or the same.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is later or the same.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Nanoseconds >= right.Nanoseconds;

    /// <inheritdoc/>
    public override string ToString() => $"{Seconds:0.000000} s";
}
