using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>MI: what the fused picture's gray levels tell about the sources', in nats (natural logarithm), from 0; higher is better.</summary>
public static class MutualInformation
{
    private const int Levels = 256;

    /// <summary>I(F; A) and I(F; B); their sum is MI.</summary>
    public static SourceHalves Measure(in PlaneTrio planes, MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new(
            Between(planes.Infrared.Samples, planes.Fused.Samples, workspace.JointHistogram),
            Between(planes.Visible.Samples, planes.Fused.Samples, workspace.JointHistogram));
    }

    private static double Between(ReadOnlySpan<byte> source, ReadOnlySpan<byte> fused, int[] joint)
    {
        Count(source, fused, joint);
        Span<int> marginSource = stackalloc int[Levels], marginFused = stackalloc int[Levels];
        Margins(joint, marginSource, marginFused);
        double sum = 0, count = fused.Length;
        for (int s = 0; s < Levels; s++)
        {
            if (marginSource[s] == 0)
                continue;
            ReadOnlySpan<int> row = joint.AsSpan(s * Levels, Levels);
            for (int f = 0; f < Levels; f++)
            {
                if (row[f] != 0)
                    sum += row[f] * Math.Log(row[f] * count / ((double)marginSource[s] * marginFused[f]));
            }
        }
        return Math.Max(sum / count, 0);
    }

    private static void Count(ReadOnlySpan<byte> source, ReadOnlySpan<byte> fused, int[] joint)
    {
        joint.AsSpan().Clear();
        for (int i = 0; i < fused.Length; i++)
            joint[source[i] * Levels + fused[i]]++;
    }

    private static void Margins(ReadOnlySpan<int> joint, Span<int> source, Span<int> fused)
    {
        source.Clear();
        fused.Clear();
        for (int i = 0; i < joint.Length; i++)
        {
            source[i / Levels] += joint[i];
            fused[i % Levels] += joint[i];
        }
    }
}
