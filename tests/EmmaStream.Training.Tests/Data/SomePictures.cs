using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Training.Data;

namespace EmmaStream.Training.Tests.Data;

/// <summary>Pairs in memory and pictures in files, made for one test.</summary>
internal static class SomePictures
{
    /// <summary>Noise between two levels, by a seed.</summary>
    public static byte[] Noise(int width, int height, int seed, int low = 0, int high = 255)
    {
        Random random = new(seed);
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)random.Next(low, high + 1);
        return samples;
    }

    public static byte[] Constant(int width, int height, byte level) => [.. Enumerable.Repeat(level, width * height)];

    public static TrainingPair Pair(int width, int height, byte[] infrared, byte[] visible) => new("pair", width, height, infrared, visible);

    public static PairSets Sets(params TrainingPair[] pairs) => new([pairs], [1], 0);

    /// <summary>Saves gray samples; the name's extension says how.</summary>
    public static void Save(string path, int width, int height, byte[] samples) => Save(path, PixelFormat.Gray8, width, height, samples);

    /// <summary>Saves samples of a format; makes the folder.</summary>
    public static void Save(string path, PixelFormat pixels, int width, int height, byte[] samples)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FramePool pool = new();
        using Frame frame = pool.Rent(new FrameFormat(pixels, new FrameSize(width, height)), new FrameStamp(default, 0, 0, path));
        samples.CopyTo(frame.WritableBytes);
        StillImage.Write(path, frame);
    }
}
