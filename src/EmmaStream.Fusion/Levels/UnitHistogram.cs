namespace EmmaStream.Fusion.Levels;

/// <summary>A histogram of samples in [0, 1] with 1024 bins, its percentiles, and its distance to another one.</summary>
internal sealed class UnitHistogram
{
    private const int Bins = 1024;
    private readonly int[] _counts = new int[Bins];
    private int _total;

    /// <summary>Replaces the content by the samples of a picture; samples outside [0, 1] count at the ends.</summary>
    public void Fill(LumaPlane picture)
    {
        Array.Clear(_counts);
        for (int y = 0; y < picture.Height; y++)
        {
            foreach (float sample in picture.Row(y))
                _counts[(int)(Math.Clamp(sample, 0f, 1f) * (Bins - 1) + 0.5f)]++;
        }
        _total = picture.Width * picture.Height;
    }

    /// <summary>The sample below which <paramref name="share"/> of all lie, to 1/1023.</summary>
    public float Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * _total)), seen = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            seen += _counts[bin];
            if (seen >= rank)
                return bin / (Bins - 1f);
        }
        return 1;
    }

    /// <summary>Share of samples that would have to move to make one histogram of the other: 0 equal, 1 disjoint. Compared over 32 broad bins.</summary>
    public double Distance(UnitHistogram other)
    {
        if (_total == 0 || other._total == 0)
            return 1;
        const int Broad = Bins / 32;
        double sum = 0;
        for (int first = 0; first < Bins; first += Broad)
        {
            int a = 0, b = 0;
            for (int bin = first; bin < first + Broad; bin++)
                (a, b) = (a + _counts[bin], b + other._counts[bin]);
            sum += Math.Abs((double)a / _total - (double)b / other._total);
        }
        return sum / 2;
    }
}
