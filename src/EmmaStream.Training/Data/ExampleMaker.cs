using EmmaStream.Training.Options;
using OpenCvSharp;
using Range = System.Range;

namespace EmmaStream.Training.Data;

/// <summary>
/// Makes the fused pictures that sensing is learned from: the network's own, the target, other methods' where the pair has some,
/// and classical fusions at random strengths (mixes, weighted maximum, two scales,
/// Laplacian pyramid with the stronger detail or by local energy, soft selection); then a random gain, blur and noise. Sensing networks that know only one kind of fusion reward the fuser for leaving that kind. One thread.
/// </summary>
public sealed class ExampleMaker(SensingOptions options)
{
    /// <summary>Fills fused patches. The random numbers alone decide which kinds.</summary>
    /// <param name="batch">The sources.</param>
    /// <param name="own">What the network makes of them, [N, 1, S, S].</param>
    /// <param name="fused">Receives the examples, [N, 1, S, S] in [0, 1].</param>
    /// <param name="random">Decides.</param>
    public void Fill(PatchBatch batch, ReadOnlySpan<float> own, Span<float> fused, Random random)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(random);
        int size = batch.Side * batch.Side;
        for (int patch = 0; patch < batch.Count; patch++)
        {
            Range place = (patch * size)..((patch + 1) * size);
            Span<float> example = fused[place];
            double kind = random.NextDouble();
            if (kind < options.OwnShare)
                own[place].CopyTo(example);
            else if (kind < options.OwnShare + options.TargetShare)
                batch.Target.AsSpan(place).CopyTo(example);
            else if (batch.HasPublished[patch] && random.Next(2) == 0)
                batch.Published.AsSpan(place).CopyTo(example);
            else
                Classical(batch.Infrared.AsSpan(place), batch.Visible.AsSpan(place), example, batch.Side, random);
            Degrade(example, batch.Side, random);
        }
    }

    private static void Classical(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused, int side, Random random)
    {
        float share = random.NextSingle();
        switch (random.Next(5))
        {
            case 0:
                for (int i = 0; i < fused.Length; i++)
                    fused[i] = (share * infrared[i]) + ((1 - share) * visible[i]);
                break;
            case 1:
                float gain = 0.6f + (0.8f * random.NextSingle());
                for (int i = 0; i < fused.Length; i++)
                    fused[i] = Math.Max(Math.Min(1, gain * infrared[i]), visible[i]);
                break;
            case 2:
                TwoScale(infrared, visible, fused, side, share, 1 + (2 * random.NextSingle()), random.NextSingle() * 3);
                break;
            case 3:
                Pyramid(infrared, visible, fused, side, random);
                break;
            default:
                for (int i = 0; i < fused.Length; i++)
                {
                    float w = 1 / (1 + MathF.Exp(-8 * (infrared[i] - visible[i])));
                    fused[i] = ((1 - share) * ((w * infrared[i]) + ((1 - w) * visible[i]))) + (share * 0.5f * (infrared[i] + visible[i]));
                }
                break;
        }
    }

    /// <summary>A mix of the blurred sources, plus each pixel's details weighted by their strength to a power.</summary>
    private static void TwoScale(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused, int side, float share, float gain, float exponent)
    {
        float[] a = Blurred(infrared, side, 3), b = Blurred(visible, side, 3);
        for (int i = 0; i < fused.Length; i++)
        {
            float x = infrared[i] - a[i], y = visible[i] - b[i];
            float wx = MathF.Pow(MathF.Abs(x) + 1e-3f, exponent), wy = MathF.Pow(MathF.Abs(y) + 1e-3f, exponent);
            fused[i] = Math.Clamp((share * a[i]) + ((1 - share) * b[i]) + (gain * ((wx * x) + (wy * y)) / (wx + wy)), 0, 1);
        }
    }

    /// <summary>A Laplacian pyramid: details by the stronger coefficient, by local energy, or between, of any contrast.</summary>
    private static void Pyramid(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused, int side, Random random)
    {
        TargetMaker maker = new(new TargetOptions
        {
            Gain = 0.7 + (1.3 * random.NextDouble()),
            CentreFollows = random.NextDouble(),
            InfraredShare = random.NextDouble(),
            DetailGain = 0.7 + (0.8 * random.NextDouble()),
            WeightedShare = random.Next(3) / 2.0,
            EnergySigma = 0.5 + (3 * random.NextDouble()),
            EnergyExponent = 0.5 + (3 * random.NextDouble()),
        });
        maker.Make(infrared, visible, side).CopyTo(fused);
    }

    private void Degrade(Span<float> example, int side, Random random)
    {
        double blur = options.Blur * random.NextDouble(), noise = options.Noise * random.NextDouble();
        float gain = (float)(1 + (options.Gain * ((2 * random.NextDouble()) - 1)));
        if (blur > 0.2)
            Blurred(example, side, blur).CopyTo(example);
        for (int i = 0; i < example.Length; i++)
            example[i] = Math.Clamp((gain * (example[i] - 0.5f)) + 0.5f + (float)(noise * Normal(random)), 0, 1);
    }

    private static float[] Blurred(ReadOnlySpan<float> picture, int side, double sigma)
    {
        using Mat source = Mat.FromPixelData(side, side, MatType.CV_32FC1, picture.ToArray()), blurred = new();
        Cv2.GaussianBlur(source, blurred, default, sigma);
        blurred.GetArray(out float[] values);
        return values;
    }

    /// <summary>Box and Muller's: standard normal.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
