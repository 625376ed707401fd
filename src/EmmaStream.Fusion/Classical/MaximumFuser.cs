using System.Runtime.Intrinsics;

namespace EmmaStream.Fusion.Classical;

/// <summary>The brighter of both sources at every pixel.</summary>
public sealed class MaximumFuser : PointwiseFuser
{
    /// <inheritdoc/>
    public override string Name => "max";

    /// <inheritdoc/>
    protected override void FuseRow(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused)
    {
        int x = 0;
        for (; Vector256.IsHardwareAccelerated && x <= fused.Length - Vector256<float>.Count; x += Vector256<float>.Count)
            Vector256.Max(Vector256.Create(infrared[x..]), Vector256.Create(visible[x..])).CopyTo(fused[x..]);
        for (; x < fused.Length; x++)
            fused[x] = MathF.Max(infrared[x], visible[x]);
    }
}
