namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>Fuses pictures that lie in arrays.</summary>
internal static unsafe class Fused
{
    /// <summary>Fuses <paramref name="count"/> pairs [count, 1, H, W] in one call.</summary>
    public static float[] By(IFuser fuser, float[] infrared, float[] visible, int width, int height, int count = 1, FusionScale scale = FusionScale.Full)
    {
        var fused = new float[infrared.Length];
        fixed (float* ir = infrared, vi = visible, f = fused)
        {
            var jobs = new FusionJob[count];
            for (int i = 0; i < count; i++)
            {
                int at = i * width * height;
                jobs[i] = new(new(ir + at, width, height, width), new(vi + at, width, height, width), new(f + at, width, height, width), scale);
            }
            fuser.Fuse(jobs);
        }
        return fused;
    }

    /// <summary>Fuses a golden case in one call.</summary>
    public static float[] By(IFuser fuser, GoldenCase golden)
        => By(fuser, golden.Infrared.Values, golden.Visible.Values, golden.Width, golden.Height, golden.Count);

    /// <summary>Uniform noise in [0, 1].</summary>
    public static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }
}
