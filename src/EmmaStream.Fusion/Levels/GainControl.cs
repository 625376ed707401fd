using EmmaStream.Core.Kernels;

namespace EmmaStream.Fusion.Levels;

/// <summary>
/// Automatic gain of a 16-bit infrared stream: which stored values become 0 and 1. Follows the 0.5 % and 99.5 % percentiles slowly and with
/// hysteresis, so that the picture does not pump; takes them at once on the first frame and when the span changes threefold.
/// One instance a stream, one thread.
/// </summary>
public sealed class GainControl
{
    private const int SmallestSpan = 16;
    private const double LowShare = 0.005, HighShare = 0.995, DeadZone = 0.05, Approach = 0.05;

    private readonly int[] _counts = new int[65536];
    private bool _locked;
    private double _low, _span;

    /// <summary>Takes one frame's samples into account.</summary>
    /// <param name="samples">All samples of the plane.</param>
    /// <param name="coverage">As many samples, 0 where the plane holds no infrared; empty: all count.</param>
    /// <returns>The scale for this frame.</returns>
    public LumaScale Update(ReadOnlySpan<ushort> samples, ReadOnlySpan<byte> coverage)
    {
        Array.Clear(_counts);
        int step = Math.Max(1, samples.Length / 65536), total = 0;
        for (int i = 0; i < samples.Length; i += step)
        {
            if (!coverage.IsEmpty && coverage[i] != 255)
                continue;
            _counts[samples[i]]++;
            total++;
        }
        if (total > 0)
            Follow(Percentile(LowShare, total), Percentile(HighShare, total));
        return new((float)_low, (float)Math.Max(_span, SmallestSpan));
    }

    private void Follow(int low, int high)
    {
        double span = Math.Max(high - low, SmallestSpan);
        if (!_locked || span > 3 * _span || span < _span / 3)
        {
            (_low, _span, _locked) = (low, span, true);
            return;
        }
        if (Math.Abs(low - _low) > DeadZone * _span || Math.Abs(span - _span) > DeadZone * _span)
        {
            _low += Approach * (low - _low);
            _span += Approach * (span - _span);
        }
    }

    private int Percentile(double share, int total)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * total)), seen = 0;
        for (int value = 0; value < _counts.Length; value++)
        {
            seen += _counts[value];
            if (seen >= rank)
                return value;
        }
        return _counts.Length - 1;
    }
}
