using EmmaStream.Core.Frames;
using EmmaStream.Core.Kernels;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;
using EmmaStream.Imaging.Color;

namespace EmmaStream.Streaming.Fusing;

/// <summary>Brings the luma of one camera's frames to float in [0, 1], whatever their format. Keeps that camera's gain; one instance a stream and camera.</summary>
/// <param name="pool">Lends working pictures.</param>
internal sealed class LumaExpander(FramePool pool)
{
    private readonly GainControl _gain = new();

    /// <summary>Expands <paramref name="frame"/> into <paramref name="luma"/>, of the frame's size and without row padding.</summary>
    /// <param name="frame">The camera's frame.</param>
    /// <param name="coverage">Where it holds a picture (gray8); null: everywhere.</param>
    /// <param name="luma">Receives the samples.</param>
    public void Expand(Frame frame, Frame? coverage, LumaPlane luma)
    {
        Span<float> unit = Samples(luma);
        switch (frame.Format.Pixels)
        {
            case PixelFormat.Gray16:
                ReadOnlySpan<ushort> samples = frame.Plane(0).Samples<ushort>();
                LumaKernels.Expand(samples, unit, _gain.Update(samples, coverage is null ? default : coverage.Plane(0).Bytes));
                break;
            case PixelFormat.GrayF32:
                frame.Plane(0).Samples<float>().CopyTo(unit);
                break;
            case PixelFormat.Bgr24:
                using (Frame gray = LumaConversion.ToGray(frame, pool))
                    LumaKernels.Expand(gray.Plane(0).Bytes, unit, LumaScale.Of(gray.Format.Range));
                break;
            default:
                LumaKernels.Expand(frame.Plane(0).Bytes, unit, LumaScale.Of(frame.Format.Range));
                break;
        }
    }

    internal static unsafe Span<float> Samples(LumaPlane luma) => new(luma.Data, luma.Width * luma.Height);
}
