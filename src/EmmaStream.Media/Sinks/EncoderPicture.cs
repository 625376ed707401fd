using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Imaging.Color;
using EmmaStream.Media.Nut;
using OpenCvSharp;

namespace EmmaStream.Media.Sinks;

/// <summary>
/// Turns frames of one format into the yuv420p of even size that H.264 takes. Samples are never rescaled: gray gets neutral chroma, gray16
/// gives its upper byte, an odd size repeats its last row or column; only bgr24 is converted, to limited range,
/// and what differs from the first frame's format.
/// </summary>
internal sealed class EncoderPicture : IDisposable
{
    private const byte NeutralChroma = 128;

    private readonly FrameFormat _source;
    private readonly FramePool _pool = new();
    private readonly Frame? _even, _converted;
    private readonly byte[] _chroma = [];

    // For frames in another format than the first: a gray picture among those of a folder in colour.
    private FrameConverter? _converter;
    private EncoderPicture? _alike;

    /// <summary>Prepares for frames of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentException">grayf32: float pictures are for .npy.</exception>
    public EncoderPicture(FrameFormat source)
    {
        if (source.Pixels == PixelFormat.GrayF32)
            throw new ArgumentException("float frames cannot be encoded", nameof(source));
        _source = source;
        FrameSize even = new((source.Size.Width + 1) / 2 * 2, (source.Size.Height + 1) / 2 * 2);
        bool isColor = source.Pixels == PixelFormat.Bgr24;
        Format = new FrameFormat(
            source.Pixels == PixelFormat.Nv12 ? PixelFormat.Nv12 : PixelFormat.Yuv420P, even,
            isColor ? ColorRange.Limited : source.Range,
            isColor ? (source.Size.Height < 720 ? ColorMatrix.Bt601 : ColorMatrix.Bt709) : source.Matrix);
        IsPadded = even != source.Size;
        if (isColor)
            _converted = _pool.Rent(Format with { Size = source.Size }, default);
        if (source.Pixels is PixelFormat.Gray8 or PixelFormat.Gray16)
        {
            _chroma = new byte[Format.ByteSize - Format.PlaneOffset(1)];
            _chroma.AsSpan().Fill(NeutralChroma);
        }
        if (IsPadded || source.Pixels == PixelFormat.Gray16)
            _even = _pool.Rent(source.Pixels is PixelFormat.Gray8 or PixelFormat.Gray16 ? new FrameFormat(PixelFormat.Gray8, even) : Format, default);
    }

    /// <summary>What the encoder gets: yuv420p or nv12 of even size.</summary>
    public FrameFormat Format { get; }

    /// <summary>Whether a row or column is repeated.</summary>
    public bool IsPadded { get; }

    /// <summary>The NUT stream of these pictures.</summary>
    public NutStream Stream => new(
        0, NutStream.Tag(Format.Pixels == PixelFormat.Nv12 ? "NV12"u8 : "I420"u8), Core.Time.RationalTime.Video, Format.Size.Width, Format.Size.Height);

    /// <summary>Writes one frame; one in another format than the first is brought to the stream's.</summary>
    /// <exception cref="Fault">The frame has another size than the first.</exception>
    public void Write(NutWriter nut, long pts, Frame frame)
    {
        if (frame.Size != _source.Size)
            throw Fault.Output($"frame {frame.Stamp.Sequence} is {frame.Size}, the first was {_source.Size}, and a video has one size");
        if (frame.Format != _source)
        {
            using Frame alike = (_converter ??= new(_pool)).To(frame, Format.Pixels, Format.Range, Format.Matrix);
            (_alike ??= new(alike.Format)).Write(nut, pts, alike);
            return;
        }
        if (_converted is not null)
        {
            using Mat view = FrameMats.View(frame);
            YuvConversion.FromBgr(view, _converted);
            frame = _converted;
        }
        if (_even is not null)
        {
            Pad(frame, _even);
            frame = _even;
        }
        nut.WriteFrame(pts, frame.Bytes, _chroma);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _even?.Dispose();
        _converted?.Dispose();
        _alike?.Dispose();
        _converter?.Dispose();
        _pool.Dispose();
    }

    // Chroma planes of an odd size are rounded up already: only plane 0 grows.
    private static void Pad(Frame source, Frame target)
    {
        int width = source.Size.Width, height = source.Size.Height;
        bool isWide = source.Format.Pixels == PixelFormat.Gray16;
        WritablePlane to = target.WritablePlane(0);
        for (int y = 0; y < to.Rows; y++)
        {
            ReadOnlySpan<byte> from = source.Plane(0).Row<byte>(Math.Min(y, height - 1));
            Span<byte> row = to.Row<byte>(y);
            if (isWide)
                TakeUpperBytes(from, row);
            else
                from.CopyTo(row);
            row[width..].Fill(row[width - 1]);
        }
        if (target.Format.PlaneCount > 1)
            source.Bytes[source.Format.PlaneOffset(1)..].CopyTo(target.WritableBytes[target.Format.PlaneOffset(1)..]);
    }

    private static void TakeUpperBytes(ReadOnlySpan<byte> littleEndian, Span<byte> target)
    {
        for (int i = 0; i < littleEndian.Length / 2; i++)
            target[i] = littleEndian[2 * i + 1];
    }
}
