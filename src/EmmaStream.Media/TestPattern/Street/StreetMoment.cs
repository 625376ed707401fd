namespace EmmaStream.Media.TestPattern.Street;

/// <summary>
/// Where everything that moves is at a time, seconds: the same for both cameras. Built from +, -, x, / and floor alone, so that a time means the same
/// picture on every machine.
/// </summary>
/// <param name="Hidden">The walker in the dark alley, whom only the infrared shows.</param>
/// <param name="Seen">The walker in the light of the street lamp.</param>
/// <param name="CarX">Left end of the car, units; it may be far outside.</param>
internal readonly record struct StreetMoment(WalkerPose Hidden, WalkerPose Seen, double CarX)
{
    private const double CarSpeed = 118, CarFrom = -330, CarTrip = 1500;

    internal static StreetMoment At(double seconds)
    {
        (double hiddenX, int hiddenFacing) = BackAndForth(seconds + 1.6, from: 262, to: 300, speed: 11);
        (double seenX, int seenFacing) = BackAndForth(seconds + 1.2, from: 372, to: 604, speed: 30);
        double driven = seconds * CarSpeed;
        return new(
            new(hiddenX, 328, 84, hiddenFacing, seconds * 0.62),
            new(seenX, 365, 104, seenFacing, seconds * 0.95),
            CarFrom + driven - CarTrip * Math.Floor(driven / CarTrip));
    }

    private static (double X, int Facing) BackAndForth(double seconds, double from, double to, double speed)
    {
        double length = to - from, walked = seconds * speed;
        double lap = walked - 2 * length * Math.Floor(walked / (2 * length));
        return lap < length ? (from + lap, 1) : (to - (lap - length), -1);
    }
}
