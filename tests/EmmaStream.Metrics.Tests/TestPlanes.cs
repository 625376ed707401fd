using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Tests;

/// <summary>Made planes: smooth shapes with noise, by a seed.</summary>
internal static class TestPlanes
{
    public static GrayPlane Make(int width, int height, int seed)
    {
        Random random = new(seed);
        double fx = 0.05 + 0.2 * random.NextDouble(), fy = 0.05 + 0.2 * random.NextDouble(), noise = random.Next(1, 40);
        GrayPlane plane = new(width, height);
        for (int i = 0; i < plane.Area; i++)
        {
            double level = 128 + 90 * Math.Sin(fx * (i % width)) * Math.Cos(fy * (i / width)) + noise * (random.NextDouble() - 0.5);
            plane.WritableSamples[i] = (byte)Math.Clamp(Math.Round(level), 0, 255);
        }
        return plane;
    }

    public static GrayPlane Constant(int width, int height, byte level)
    {
        GrayPlane plane = new(width, height);
        plane.WritableSamples.Fill(level);
        return plane;
    }

    public static GrayPlane Mean(GrayPlane a, GrayPlane b) => Combine(a, b, (x, y) => (int)Math.Round((x + y) / 2.0, MidpointRounding.ToEven));

    public static GrayPlane Max(GrayPlane a, GrayPlane b) => Combine(a, b, Math.Max);

    public static PlaneTrio Trio(int width, int height, int seed)
    {
        GrayPlane infrared = Make(width, height, seed), visible = Make(width, height, seed + 1000);
        return new(Mean(infrared, visible), infrared, visible);
    }

    public static void Save(GrayPlane plane, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FramePool pool = new();
        using Frame frame = pool.Rent(new FrameFormat(PixelFormat.Gray8, new FrameSize(plane.Width, plane.Height)), new FrameStamp(default, 0, 0, path));
        plane.Samples.CopyTo(frame.WritableBytes);
        StillImage.Write(path, frame);
    }

    private static GrayPlane Combine(GrayPlane a, GrayPlane b, Func<int, int, int> level)
    {
        GrayPlane plane = new(a.Width, a.Height);
        for (int i = 0; i < plane.Area; i++)
            plane.WritableSamples[i] = (byte)level(a.Samples[i], b.Samples[i]);
        return plane;
    }
}
