using EmmaStream.Fusion;
using EmmaStream.Testing;

namespace EmmaStream.Torch.Tests;

/// <summary>Makes pairs to fuse, and owns their memory.</summary>
internal sealed class JobMaker : IDisposable
{
    private readonly List<LumaBuffer> _buffers = [];

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    public FusionJob Random(int width, int height, int seed)
    {
        FusionJob job = new(Plane(width, height), Plane(width, height), Plane(width, height));
        Random random = new(seed);
        for (int y = 0; y < height; y++)
        {
            foreach (ref float sample in job.Infrared.Row(y))
                sample = random.NextSingle();
            foreach (ref float sample in job.Visible.Row(y))
                sample = random.NextSingle();
        }
        return job;
    }

    public LumaPlane Plane(int width, int height)
    {
        LumaBuffer buffer = new();
        _buffers.Add(buffer);
        return buffer.Plane(width, height);
    }

    public LumaPlane Plane(NpyFile file)
    {
        LumaPlane plane = Plane(file.Shape[^1], file.Shape[^2]);
        for (int y = 0; y < plane.Height; y++)
            file.Values.AsSpan(y * plane.Width, plane.Width).CopyTo(plane.Row(y));
        return plane;
    }

    public static float[] Values(LumaPlane plane)
    {
        float[] values = new float[plane.Width * plane.Height];
        for (int y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(values.AsSpan(y * plane.Width));
        return values;
    }
}
