namespace EmmaStream.Fusion.Network;

/// <summary>Products of consecutive linear steps, in double.</summary>
internal static class MergedAlgebra
{
    /// <summary>A 1x1 without bias, then a zero-padded 3x3 without bias: W[o,i,t] = sum over m of second[o,m,t] first[m,i]. Zero padding commutes with the 1x1.</summary>
    /// <param name="first">[middle, inputs].</param>
    /// <param name="second">[middle, middle, 3, 3].</param>
    /// <param name="middle">Channels between the two, and out.</param>
    /// <param name="inputs">Channels in.</param>
    /// <returns>[middle, inputs, 3, 3].</returns>
    public static double[] PointwiseThen3x3(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int middle, int inputs)
    {
        double[] merged = new double[middle * inputs * 9];
        for (int o = 0; o < middle; o++)
        {
            for (int m = 0; m < middle; m++)
            {
                ReadOnlySpan<float> taps = second.Slice((o * middle + m) * 9, 9);
                for (int i = 0; i < inputs; i++)
                {
                    double factor = first[m * inputs + i];
                    Span<double> sum = merged.AsSpan((o * inputs + i) * 9, 9);
                    for (int t = 0; t < 9; t++)
                        sum[t] += factor * taps[t];
                }
            }
        }
        return merged;
    }

    /// <summary>A convolution, then a 1x1 on its outputs: W[o,·] = sum over m of second[o,m] first[m,·].</summary>
    /// <param name="first">[channels, row].</param>
    /// <param name="second">[channels, channels].</param>
    /// <param name="channels">Channels between the two, and out.</param>
    /// <param name="row">Weights of one output channel of the first.</param>
    public static double[] Then1x1(ReadOnlySpan<double> first, ReadOnlySpan<float> second, int channels, int row)
    {
        double[] merged = new double[channels * row];
        for (int o = 0; o < channels; o++)
        {
            for (int m = 0; m < channels; m++)
            {
                double factor = second[o * channels + m];
                for (int i = 0; i < row; i++)
                    merged[o * row + i] += factor * first[m * row + i];
            }
        }
        return merged;
    }

    /// <summary>LayerNorm's weight and bias into the 1x1 that follows: W[o,i] norm[i], and the bias that the 1x1 makes of the norm's bias.</summary>
    public static (float[] Weight, float[] Bias) NormInto1x1(ReadOnlySpan<float> normWeight, ReadOnlySpan<float> normBias, ReadOnlySpan<float> weight, int outputs)
    {
        int inputs = normWeight.Length;
        double[] merged = new double[outputs * inputs], bias = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                double w = weight[o * inputs + i];
                merged[o * inputs + i] = w * normWeight[i];
                bias[o] += w * normBias[i];
            }
        }
        return (Rounded(merged), Rounded(bias));
    }

    /// <summary>A 1x1 with bias, then a reflect-padded 3x3 in groups of two channels: reflection commutes with any pixel-wise step.</summary>
    /// <param name="first">[2 groups, inputs].</param>
    /// <param name="firstBias">[2 groups].</param>
    /// <param name="second">[2 groups, 2, 3, 3].</param>
    /// <param name="inputs">Channels in; as many groups.</param>
    public static BiasedConvolution AffineThenGrouped3x3(ReadOnlySpan<float> first, ReadOnlySpan<float> firstBias, ReadOnlySpan<float> second, int inputs)
    {
        int outputs = 2 * inputs;
        double[] merged = new double[outputs * inputs * 9], bias = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int half = 0; half < 2; half++)
            {
                int middle = o / 2 * 2 + half;
                for (int t = 0; t < 9; t++)
                {
                    double tap = second[(o * 2 + half) * 9 + t];
                    bias[o] += tap * firstBias[middle];
                    for (int i = 0; i < inputs; i++)
                        merged[(o * inputs + i) * 9 + t] += tap * first[middle * inputs + i];
                }
            }
        }
        return new(Rounded(merged), Rounded(bias));
    }

    /// <summary>As float32.</summary>
    public static float[] Rounded(double[] values) => Array.ConvertAll(values, v => (float)v);
}
