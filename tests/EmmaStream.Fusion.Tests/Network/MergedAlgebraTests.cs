using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Tests.Network;

/// <summary>Holds the merged kernels against the two steps that they replace, on a small picture, border included.</summary>
public class MergedAlgebraTests
{
    private const int Side = 5;

    [Fact]
    public void A_1x1_and_a_zero_padded_3x3_are_one_3x3()
    {
        Random random = new(1);
        float[] first = Noise(random, 6 * 2), second = Noise(random, 6 * 6 * 9);
        double[] picture = [.. Noise(random, 2 * Side * Side).Select(v => (double)v)];
        double[] steps = Convolve(Pointwise(picture, first, null, 6, 2), Doubles(second), 6, 6, 1, reflect: false);
        double[] merged = Convolve(picture, MergedAlgebra.PointwiseThen3x3(first, second, 6, 2), 6, 2, 1, reflect: false);
        Same(steps, merged, 1e-12);
    }

    [Fact]
    public void A_3x3_and_a_1x1_are_one_3x3()
    {
        Random random = new(2);
        double[] first = Doubles(Noise(random, 4 * 3 * 9));
        float[] second = Noise(random, 16);
        double[] picture = Doubles(Noise(random, 3 * Side * Side));
        double[] steps = Pointwise(Convolve(picture, first, 4, 3, 1, reflect: true), second, null, 4, 4);
        Same(steps, Convolve(picture, MergedAlgebra.Then1x1(first, second, 4, 27), 4, 3, 1, reflect: true), 1e-12);
    }

    [Fact]
    public void A_norm_a_1x1_with_bias_and_a_reflected_grouped_3x3_are_one_3x3_with_bias()
    {
        Random random = new(3);
        float[] normWeight = Noise(random, 2), normBias = Noise(random, 2), projectIn = Noise(random, 4 * 2), grouped = Noise(random, 4 * 2 * 9);
        double[] normal = Doubles(Noise(random, 2 * Side * Side));
        double[] norm = [.. normal.Select((v, i) => v * normWeight[i / (Side * Side)] + normBias[i / (Side * Side)])];
        double[] steps = Convolve(Pointwise(norm, projectIn, null, 4, 2), Doubles(grouped), 4, 2, 2, reflect: true);

        (float[] weight, float[] bias) = MergedAlgebra.NormInto1x1(normWeight, normBias, projectIn, 4);
        Same(Pointwise(norm, projectIn, null, 4, 2), Pointwise(normal, weight, bias, 4, 2), 1e-6);
        BiasedConvolution gate = MergedAlgebra.AffineThenGrouped3x3(weight, bias, grouped, 2);
        double[] merged = Convolve(normal, Doubles(gate.Weight), 4, 2, 1, reflect: true);
        Same(steps, [.. merged.Select((v, i) => v + gate.Bias[i / (Side * Side)])], 1e-5);
    }

    private static double[] Pointwise(double[] x, float[] weight, float[]? bias, int outputs, int inputs)
    {
        double[] y = new double[outputs * Side * Side];
        for (int o = 0; o < outputs; o++)
        {
            for (int p = 0; p < Side * Side; p++)
                y[o * Side * Side + p] = (bias?[o] ?? 0) + Enumerable.Range(0, inputs).Sum(i => weight[o * inputs + i] * x[i * Side * Side + p]);
        }
        return y;
    }

    /// <summary>3x3, padding 1; the weights are [outputs, inputs of a group, 3, 3].</summary>
    private static double[] Convolve(double[] x, double[] weight, int outputs, int groupInputs, int groups, bool reflect)
    {
        double[] y = new double[outputs * Side * Side];
        for (int o = 0; o < outputs; o++)
        {
            int firstInput = o / (outputs / groups) * groupInputs;
            for (int p = 0; p < Side * Side; p++)
            {
                for (int tap = 0; tap < groupInputs * 9; tap++)
                {
                    int row = p / Side + tap % 9 / 3 - 1, column = p % Side + tap % 3 - 1;
                    if (reflect)
                        (row, column) = (Reflected(row), Reflected(column));
                    else if (row is < 0 or >= Side || column is < 0 or >= Side)
                        continue;
                    y[o * Side * Side + p] += weight[o * groupInputs * 9 + tap] * x[(firstInput + tap / 9) * Side * Side + row * Side + column];
                }
            }
        }
        return y;
    }

    private static int Reflected(int at) => at < 0 ? -at : at >= Side ? 2 * (Side - 1) - at : at;

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static void Same(double[] expected, double[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
}
