using EmmaStream.Training.Options;
using OpenCvSharp;

namespace EmmaStream.Training.Tests;

/// <summary>Folders of small registered pairs: a slope and a disc in the infrared, checks in the visible, different for every number.</summary>
internal static class SmallPairs
{
    public static PairSetOptions Write(string folder, int count = 4, int width = 56, int height = 48)
    {
        PairSetOptions set = new() { Infrared = Path.Combine(folder, "ir"), Visible = Path.Combine(folder, "vi") };
        Directory.CreateDirectory(set.Infrared);
        Directory.CreateDirectory(set.Visible);
        for (int number = 0; number < count; number++)
        {
            Save(Path.Combine(set.Infrared, $"pair{number}.png"), Picture(width, height, (x, y) => (3 * x) + (Math.Pow(x - 20, 2) + Math.Pow(y - 18, 2) < 90 ? 100 : 10 * number)));
            Save(Path.Combine(set.Visible, $"pair{number}.png"), Picture(width, height, (x, y) => 200 - (2 * y) - ((x / (3 + number) + (y / 4)) % 2 * 90)));
        }
        return set;
    }

    public static void Save(string path, Mat picture)
    {
        using Mat owned = picture;
        Assert.True(Cv2.ImWrite(path, owned));
    }

    public static Mat Picture(int width, int height, Func<int, int, double> level)
    {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)Math.Clamp(level(i % width, i / width), 0, 255);
        using Mat view = Mat.FromPixelData(height, width, MatType.CV_8UC1, samples);
        return view.Clone();
    }
}
