using OpenCvSharp;

namespace EmmaStream.Fusion.Tests.Classical;

/// <summary>Pictures for the tests of fusers: reproducible noise, with a stride, and the same as OpenCV matrices.</summary>
internal sealed unsafe class Planes : IDisposable
{
    private readonly List<LumaBuffer> _buffers = [];

    public LumaPlane Empty(int width, int height)
    {
        LumaBuffer buffer = new();
        _buffers.Add(buffer);
        LumaPlane wide = buffer.Plane(width + 3, height);
        for (int y = 0; y < height; y++)
            wide.Row(y).Fill(float.NaN);                  // who reads beyond the picture is found out
        return new(wide.Data + 1, width, height, wide.Stride);
    }

    public LumaPlane Noise(int width, int height, int seed, float low = 0, float high = 1)
    {
        LumaPlane plane = Empty(width, height);
        Random random = new(seed);
        for (int y = 0; y < height; y++)
        {
            foreach (ref float sample in plane.Row(y))
                sample = low + (high - low) * random.NextSingle();
        }
        return plane;
    }

    public static Mat AsMat(LumaPlane plane) =>
        Mat.FromPixelData(plane.Height, plane.Width, MatType.CV_32FC1, (nint)plane.Data, plane.Stride * sizeof(float));

    public static float[] Values(LumaPlane plane)
    {
        float[] values = new float[plane.Width * plane.Height];
        for (int y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(values.AsSpan(y * plane.Width));
        return values;
    }

    public static float[] Values(Mat mat)
    {
        Assert.True(mat.GetArray(out float[] values));
        return values;
    }

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());
}
