namespace EmmaStream.Media.TestPattern.Street;

/// <summary>A box blur of interleaved integer samples, with integers only: what light does in a lens and on wet asphalt.</summary>
internal static class Blur
{
    /// <summary>Replaces each sample by the mean of the samples of its channel up to <paramref name="radius"/> columns away; outside, the border repeats.</summary>
    /// <param name="samples">Rows of <paramref name="width"/> x <paramref name="channels"/> samples of at most 2^20.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Samples a pixel.</param>
    /// <param name="radius">At least 0.</param>
    internal static void Horizontal(Span<int> samples, int width, int channels, int radius)
    {
        int[] line = new int[width];
        int height = samples.Length / (width * channels);
        for (int y = 0; y < height; y++)
        {
            for (int c = 0; c < channels; c++)
                Along(samples[(y * width * channels + c)..], width, channels, radius, line);
        }
    }

    /// <summary>The same up to <paramref name="radius"/> rows away.</summary>
    internal static void Vertical(Span<int> samples, int width, int channels, int radius)
    {
        int stride = width * channels, height = samples.Length / stride;
        int[] line = new int[height];
        for (int x = 0; x < stride; x++)
            Along(samples[x..], height, stride, radius, line);
    }

    private static void Along(Span<int> samples, int count, int step, int radius, int[] line)
    {
        for (int i = 0; i < count; i++)
            line[i] = samples[i * step];
        long sum = (long)line[0] * radius;
        for (int i = 0; i <= radius; i++)
            sum += line[Math.Min(i, count - 1)];
        int window = 2 * radius + 1;
        for (int i = 0; i < count; i++)
        {
            samples[i * step] = (int)(sum / window);
            sum += line[Math.Min(i + radius + 1, count - 1)] - line[Math.Max(i - radius, 0)];
        }
    }
}
