using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Color;
using OpenCvSharp;

namespace EmmaStream.Imaging.Layouts;

/// <summary>
/// Draws the picture that a sink shows of a fused frame. The result has the fused picture's own pixel format, range, matrix and stamp; its columns
/// and rows are even. Labels are painted once and kept. It belongs to the thread of its sink.
/// </summary>
/// <param name="layout">What to draw.</param>
/// <param name="pool">Lends the results.</param>
public sealed class LayoutComposer(Layout layout, FramePool pool) : IDisposable
{
    private const int SmallestLetters = 7;
    private const int InsetShare = 4;   // an inset has a quarter of the picture's width

    private readonly FrameConverter _converter = new(pool);
    private readonly Dictionary<(string Text, int LetterHeight), Label> _labels = [];

    /// <summary>The picture for <paramref name="frame"/>, which the caller owns; the frame stays its owner's.</summary>
    /// <remarks>
    /// A frame that went on alone is labelled "visible only" or "infrared only"; the picture of the camera that is missing stays dark.
    /// A gray16 or grayf32 picture is composed as gray8.
    /// </remarks>
    public Frame Compose(FusedFrame frame)
    {
        if (layout == Layout.Fused)
            return frame.Fused.Share();
        FrameFormat format = frame.Fused.Format;
        if (format.Pixels is PixelFormat.Gray16 or PixelFormat.GrayF32)
            format = format with { Pixels = PixelFormat.Gray8, Range = ColorRange.Full };
        FrameSize cell = new(Even(format.Size.Width), Even(format.Size.Height));
        int columns = layout == Layout.SideBySide ? 3 : 1;
        Frame canvas = pool.Rent(format with { Size = new(cell.Width * columns, cell.Height) }, frame.Fused.Stamp);
        try
        {
            if (layout != Layout.PictureInPicture || cell != format.Size)
                Darken(canvas);
            Draw(frame, canvas, cell.Width);
            return canvas;
        }
        catch
        {
            canvas.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _converter.Dispose();
        foreach (Label label in _labels.Values)
            label.Dispose();
        _labels.Clear();
    }

    private void Draw(FusedFrame frame, Frame canvas, int cellWidth)
    {
        FrameSize size = frame.Fused.Size;
        switch (layout)
        {
            case Layout.SideBySide:
                ComposeSideBySide(frame, canvas, cellWidth);
                break;
            case Layout.PictureInPicture:
                ComposePictureInPicture(frame, canvas);
                break;
            default:
                if ((layout == Layout.Infrared ? frame.Infrared : frame.Visible) is { } source)
                    Place(source, canvas, new Rect(0, 0, size.Width, size.Height));
                break;
        }
    }

    private void ComposeSideBySide(FusedFrame frame, Frame canvas, int cellWidth)
    {
        FrameSize size = frame.Fused.Size;
        int letters = LetterHeight(size.Height);
        DrawCell(frame.Infrared, "infrared", "no infrared", 0);
        DrawCell(frame.Visible, "visible", "no visible", cellWidth);
        DrawCell(frame.Fused, FusedText(frame), "", 2 * cellWidth);

        void DrawCell(Frame? picture, string text, string absent, int x)
        {
            if (picture is not null)
                Place(picture, canvas, new Rect(x, 0, size.Width, size.Height));
            Write(picture is null ? absent : text, letters, canvas, x, 0, cellWidth);
        }
    }

    private void ComposePictureInPicture(FusedFrame frame, Frame canvas)
    {
        FrameSize size = frame.Fused.Size;
        Place(frame.Fused, canvas, new Rect(0, 0, size.Width, size.Height));
        Write(FusedText(frame), LetterHeight(size.Height), canvas, 0, 0, size.Width);
        int width = size.Width / InsetShare & ~1, height = size.Height / InsetShare & ~1, margin = Math.Max(2, size.Height / 40 & ~1);
        if (width < 16 || height < 16)
            return;
        int y = canvas.Size.Height - height - margin, letters = Math.Max(SmallestLetters, LetterHeight(height) * 3 / 2);
        DrawInset(frame.Infrared, "infrared", margin);
        DrawInset(frame.Visible, "visible", canvas.Size.Width - width - margin);

        void DrawInset(Frame? picture, string text, int x)
        {
            if (picture is null)
                return;
            Border(canvas, new Rect(x - 2, y - 2, width + 4, height + 4));
            Place(picture, canvas, new Rect(x, y, width, height));
            Write(text, letters, canvas, x, y, width);
        }
    }

    /// <summary>Puts a picture into a rectangle of the canvas, whose corner is even; it is scaled where the sizes differ.</summary>
    private void Place(Frame picture, Frame canvas, Rect where)
    {
        FrameFormat format = canvas.Format;
        using Frame fitting = _converter.To(picture, format.Pixels, format.Range, format.Matrix);
        for (int i = 0; i < format.PlaneCount; i++)
        {
            using Mat from = FrameMats.View(fitting, i);
            using Mat to = FrameMats.WritableView(canvas, i);
            Rect area = i == 0 ? where : new Rect(where.X / 2, where.Y / 2, (where.Width + 1) / 2, (where.Height + 1) / 2);
            using Mat region = new(to, area);
            if (picture.Size == new FrameSize(where.Width, where.Height))
                from.CopyTo(region);
            else
                Cv2.Resize(from, region, area.Size, 0, 0, InterpolationFlags.Area);
        }
    }

    private void Write(string text, int letterHeight, Frame canvas, int x, int y, int width)
    {
        if (letterHeight < SmallestLetters)
            return;
        if (!_labels.TryGetValue((text, letterHeight), out Label? label))
            _labels.Add((text, letterHeight), label = new Label(text, letterHeight));
        int margin = letterHeight / 2 & ~1;
        if (label.Width + margin <= width)
            label.DrawOn(canvas, x + margin, y + margin);
    }

    /// <summary>A light rectangle that an inset leaves two pixels of.</summary>
    private static void Border(Frame canvas, Rect where)
    {
        for (int i = 0; i < canvas.Format.PlaneCount; i++)
        {
            using Mat plane = FrameMats.WritableView(canvas, i);
            using Mat region = new(plane, i == 0 ? where : new Rect(where.X / 2, where.Y / 2, where.Width / 2, where.Height / 2));
            region.SetTo(Scalar.All(i == 0 ? 200 : 128));
        }
    }

    private static void Darken(Frame canvas)
    {
        FrameFormat format = canvas.Format;
        canvas.WritablePlane(0).Bytes.Fill((byte)(format.HasLumaPlane && format.Range == ColorRange.Limited ? 16 : 0));
        if (format.PlaneCount > 1)
            canvas.WritableBytes[format.PlaneOffset(1)..].Fill(128);
    }

    private static string FusedText(FusedFrame frame) => frame.IsFused ? "fused" : frame.Visible is not null ? "visible only" : "infrared only";

    private static int LetterHeight(int pictureHeight) => pictureHeight / 22;

    private static int Even(int value) => (value + 1) & ~1;
}
