using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Imaging.Color;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Reading;

/// <summary>
/// Turns files and frames into the gray planes that metrics are defined on: colour as 0.114 B + 0.587 G + 0.299 R in float, rounded half to even;
/// luma of limited range expanded to 0..255, rounded half to even; of 16-bit gray the upper 8 bits, as the published reader (OpenCV) decodes it.
/// </summary>
public sealed class GrayPlaneReader(FramePool pool)
{
    private static readonly byte[] Expanded = [.. Enumerable.Range(0, 256).Select(Expand)];

    /// <summary>Pictures of 16-bit gray taken so far, of which the lower 8 bits did not count.</summary>
    public long NarrowedPictures { get; private set; }

    /// <summary>What a reader of the figures must know of <paramref name="pictures"/> narrowed pictures; null where there were none.</summary>
    public static string? NarrowedNote(long pictures) => pictures == 0 ? null
        : $"{pictures} of the pictures read have 16 bits: their upper 8 bits were measured, as the published evaluator reads them; the lower 8 do not count.";

    /// <summary>Reads a picture file.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The file cannot be read.</exception>
    public void Read(string path, GrayPlane into)
    {
        using Frame frame = StillImage.Read(path, pool, new FrameStamp(default, 0, 0, path));
        Take(frame, into);
    }

    /// <summary>Takes a frame's luma; the caller keeps owning the frame.</summary>
    /// <exception cref="ArgumentException">The frame is grayf32, which is no picture of whole levels.</exception>
    public void Take(Frame frame, GrayPlane into)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(into);
        into.Resize(frame.Size.Width, frame.Size.Height);
        switch (frame.Format.Pixels)
        {
            case PixelFormat.Bgr24:
                using (Frame gray = LumaConversion.ToGray(frame, pool))
                    gray.Plane(0).Bytes.CopyTo(into.WritableSamples);
                break;
            case PixelFormat.Gray16:
                NarrowedPictures++;
                TakeUpperBytes(frame.Plane(0).Samples<ushort>(), into.WritableSamples);
                break;
            case PixelFormat.GrayF32:
                throw new ArgumentException("grayf32 has no whole levels to measure", nameof(frame));
            default:
                TakeLuma(frame, into.WritableSamples);
                break;
        }
    }

    private static void TakeLuma(Frame frame, Span<byte> into)
    {
        ReadOnlySpan<byte> luma = frame.Plane(0).Bytes;
        if (frame.Format.Range == ColorRange.Full)
        {
            luma.CopyTo(into);
            return;
        }
        for (int i = 0; i < into.Length; i++)
            into[i] = Expanded[luma[i]];
    }

    private static void TakeUpperBytes(ReadOnlySpan<ushort> samples, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] = (byte)(samples[i] >> 8);
    }

    private static byte Expand(int level) => (byte)Math.Clamp(Math.Round((level - 16) * 255 / 219.0, MidpointRounding.ToEven), 0, 255);
}
