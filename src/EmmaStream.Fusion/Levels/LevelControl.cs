using EmmaStream.Core.Kernels;

namespace EmmaStream.Fusion.Levels;

/// <summary>
/// Brings the fused luma of one stream to its gray range, in place. <see cref="LevelsMode.Smooth"/> keeps state from frame to frame: its
/// limits follow the 0.05 % and 99.95 % percentiles only when these leave a dead zone, and then, until they are reached, by half a percent of the way and
/// at most a third of a gray level a frame, so that a hot object coming and going moves no background; a cut (a third of all samples moved at once) takes the new limits at once.
/// One instance a stream, one thread.
/// </summary>
/// <param name="mode">What to do.</param>
public sealed class LevelControl(LevelsMode mode)
{
    /// <summary>Below this range of both inputs (four gray levels) nothing is stretched: a covered lens stays dark.</summary>
    public const float SmallestInputRange = 4 / 255f;

    private const double LowShare = 0.0005, HighShare = 0.9995, Cut = 0.33;
    private const float DeadZone = 0.06f, Reached = 0.01f, Approach = 0.005f, Step = 1 / (3 * 255f), SmallestSpan = 0.25f;

    private UnitHistogram _now = new(), _before = new();
    private bool _locked;
    private float _low, _high = 1;
    private bool _lowMoves, _highMoves;

    /// <summary>Stretches <paramref name="fused"/>. A constant picture, or one made of two flat inputs, stays as it is.</summary>
    /// <param name="fused">The fuser's output; rows without padding.</param>
    /// <param name="infrared">Its infrared input.</param>
    /// <param name="visible">Its visible input.</param>
    public void Apply(LumaPlane fused, LumaPlane infrared, LumaPlane visible)
    {
        if (mode == LevelsMode.None || (Range(infrared) < SmallestInputRange && Range(visible) < SmallestInputRange))
            return;
        (float low, float high) = mode == LevelsMode.PerFrame ? LumaKernels.Limits(All(fused)) : Follow(fused);
        if (high > low)
            LumaKernels.Stretch(All(fused), low, high);
    }

    private (float Low, float High) Follow(LumaPlane fused)
    {
        _now.Fill(fused);
        (float low, float high) = Widened(_now.Percentile(LowShare), _now.Percentile(HighShare));
        if (!_locked || _now.Distance(_before) > Cut)
        {
            (_low, _high, _locked, _lowMoves, _highMoves) = (low, high, true, false, false);
        }
        else
        {
            float span = _high - _low;
            _low = Toward(_low, low, span, ref _lowMoves);
            _high = Toward(_high, high, span, ref _highMoves);
        }
        (_now, _before) = (_before, _now);
        return (_low, _high);
    }

    // At most four times the contrast, and never beyond [0, 1]: noise is not a picture.
    private static (float Low, float High) Widened(float low, float high)
    {
        float missing = Math.Max(0, SmallestSpan - (high - low));
        low = Math.Clamp(low - missing / 2, 0, 1 - SmallestSpan);
        return (low, Math.Max(high, low + SmallestSpan));
    }

    // Hysteresis: it sets out beyond the dead zone only, and goes all the way then.
    private static float Toward(float limit, float target, float span, ref bool moves)
    {
        float way = target - limit;
        moves = Math.Abs(way) > (moves ? Reached : DeadZone) * span;
        return moves ? limit + Math.Clamp(way * Approach, -Step * span, Step * span) : limit;
    }

    private static float Range(LumaPlane picture)
    {
        (float low, float high) = LumaKernels.Limits(All(picture));
        return high - low;
    }

    private static unsafe Span<float> All(LumaPlane picture) => picture.Stride == picture.Width
        ? new(picture.Data, picture.Width * picture.Height)
        : throw new ArgumentException("levels work on rows without padding", nameof(picture));
}
