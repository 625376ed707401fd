using System.Runtime.Intrinsics;

namespace EmmaStream.Fusion.Classical;

/// <summary>The mean of both sources: <c>(infrared + visible) / 2</c>.</summary>
public sealed class AverageFuser : PointwiseFuser
{
    /// <inheritdoc/>
    public override string Name => "average";

    /// <inheritdoc/>
    protected override void FuseRow(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused)
    {
        int x = 0;
        for (; Vector256.IsHardwareAccelerated && x <= fused.Length - Vector256<float>.Count; x += Vector256<float>.Count)
            ((Vector256.Create(infrared[x..]) + Vector256.Create(visible[x..])) * 0.5f).CopyTo(fused[x..]);
        for (; x < fused.Length; x++)
            fused[x] = (infrared[x] + visible[x]) * 0.5f;
    }
}
