namespace EmmaStream.Cli.Benching;

/// <summary>How often a fuser is called when it is its turn.</summary>
internal static class Turns
{
    private const int MostCalls = 8, MostWarmUpCalls = 30;

    /// <summary>What a turn takes, unless one call takes longer.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// One call where calls are longer than a turn; else several, the first of which only brings the fuser's memory back into the caches and does
    /// not count.
    /// </summary>
    /// <param name="clock">The clock.</param>
    /// <param name="length">What the turn takes; zero: one call.</param>
    /// <param name="call">Calls the fuser and returns its time.</param>
    /// <param name="keep">Gets the times that count.</param>
    public static void Take(TimeProvider clock, TimeSpan length, Func<TimeSpan> call, Action<TimeSpan> keep)
    {
        long start = clock.GetTimestamp();
        TimeSpan first = call();
        if (first >= length)
        {
            keep(first);
            return;
        }
        int calls = 0;
        do
            keep(call());
        while (++calls < MostCalls && clock.GetElapsedTime(start) < length);
    }

    /// <summary>Calls until memory is had and code is compiled at its best: some turns long, if calls are shorter.</summary>
    public static void WarmUp(TimeProvider clock, TimeSpan length, Func<TimeSpan> call)
    {
        long start = clock.GetTimestamp();
        int calls = 0;
        do
            call();
        while (++calls < MostWarmUpCalls && clock.GetElapsedTime(start) < 3 * length);
    }
}
