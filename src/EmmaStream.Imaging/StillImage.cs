using System.Buffers;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Color;
using EmmaStream.Imaging.Stills;
using OpenCvSharp;

namespace EmmaStream.Imaging;

/// <summary>
/// Picture files to frames and back: PNG, JPEG, BMP, TIFF, WebP. Gray files give gray8 or gray16, colour files bgr24, all full range; pixels
/// stand as any viewer shows them (a stored rotation is applied), transparency is left out. Safe for use by many threads.
/// </summary>
public static class StillImage
{
    /// <summary>Largest picture read, in pixels.</summary>
    public const long MaxPixels = 200_000_000;

    private const long MaxFileBytes = 1L << 30;

    // Of a damaged file OpenCV prints its own lines to stderr; the Fault is the one line a user gets.
    static StillImage() => Cv2.SetLogLevel(LogLevel.SILENT);

    /// <summary>Extensions of the files this reads and writes, lower case, with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"];

    /// <summary>Whether a name ends as a picture's does.</summary>
    public static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Reads a picture into a frame of <paramref name="pool"/>, which the caller owns.</summary>
    /// <param name="path">The file; what it holds is told by its bytes, not by its name.</param>
    /// <param name="pool">Lends the frame.</param>
    /// <param name="stamp">The frame's stamp.</param>
    /// <returns>gray8 or gray16 for a gray file, bgr24 for a colour file (16-bit colour is brought to 8 bits); full range.</returns>
    /// <exception cref="Fault">The file is missing, empty, damaged, no picture, or larger than <see cref="MaxPixels"/> (<see cref="FaultKind.Input"/>).</exception>
    public static Frame Read(string path, FramePool pool, FrameStamp stamp)
    {
        byte[] buffer = ReadFile(path, out int length);
        try
        {
            ReadOnlySpan<byte> file = buffer.AsSpan(0, length);
            Check(path, file);
            using Mat decoded = Decode(path, file);
            return ToFrame(path, decoded, pool, stamp);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Writes a frame as a picture; the extension tells the format (JPEG at quality 95). Limited range, yuv420p and nv12 are brought to
    /// full-range RGB by the frame's own range and matrix; grayf32 is written as 8 bits, [0, 1] to 0..255, rounded to nearest. gray16 keeps its bits
    /// in PNG and TIFF. The file appears under its name when it is complete; an older one is replaced only then.
    /// </summary>
    /// <exception cref="Fault">The extension is unknown, gray16 is asked of a format without it, or the file cannot be written (<see cref="FaultKind.Output"/>).</exception>
    public static void Write(string path, Frame frame)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (!Extensions.Contains(extension))
            throw Fault.Output($"{path}: no picture format has the extension '{extension}'. Use one of {string.Join(' ', Extensions)}");
        if (frame.Format.Pixels == PixelFormat.Gray16 && extension is not (".png" or ".tif" or ".tiff"))
            throw Fault.Output($"{path}: {extension} holds no 16-bit gray. Use .png or .tif");
        byte[] bytes = Encode(path, extension, frame);
        CompleteFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The whole file in a rented buffer.</summary>
    private static byte[] ReadFile(string path, out int length)
    {
        if (FileKind.IsDeviceOrPipe(path))   // opening a pipe would wait for a writer
            throw Fault.Input($"{path}: is a pipe or a device, no picture. Give a file");
        byte[]? buffer = null;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.Length > MaxFileBytes)
                throw Fault.Input($"{path}: {file.Length} bytes are more than the {MaxFileBytes} that a picture may have. Give a smaller file");
            length = (int)file.Length;
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
            file.ReadExactly(buffer, 0, length);
            return buffer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? Fault.Input($"{path}: no such file. Check the path", e)
                : Fault.Input($"{path}: cannot be read: {OneLine(e.Message)}. Check that it is a file and may be read", e);
        }
    }

    private static void Check(string path, ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw Fault.Input($"{path}: the file is empty. Give a picture");
        if (StillHeader.TryRead(file) is not { } header)
            throw Fault.Input($"{path}: is no PNG, JPEG, BMP, TIFF or WebP picture, or its start is damaged. Give one of these");
        if (header.Size.Width <= 0 || header.Size.Height <= 0)
            throw Fault.Input($"{path}: is damaged: it says it has {header.Size} pixels. Make or copy the file again");
        if (header.Size.Area > MaxPixels)
            throw Fault.Input($"{path}: {header.Size} pixels are more than the {MaxPixels / 1_000_000} million that are read. Make it smaller");
        if (!header.IsComplete)
            throw Fault.Input($"{path}: is cut off: its end is missing. Make or copy the file again");
    }

    private static Mat Decode(string path, ReadOnlySpan<byte> file)
    {
        Mat? decoded = null;
        try
        {
            decoded = Cv2.ImDecode(file, ImreadModes.AnyColor | ImreadModes.AnyDepth);
        }
        catch (OpenCVException)
        {
            // The decoder gave up: the same as an empty picture.
        }
        if (decoded is null || decoded.Empty())
        {
            decoded?.Dispose();
            throw Fault.Input($"{path}: is damaged and cannot be decoded. Make or copy the file again");
        }
        return decoded;
    }

    private static Frame ToFrame(string path, Mat decoded, FramePool pool, FrameStamp stamp)
    {
        bool color = decoded.Channels() == 3;
        if (decoded.Channels() is not (1 or 3) || decoded.Depth() is not (MatType.CV_8U or MatType.CV_16U))
            throw Fault.Input($"{path}: samples of type {decoded.Type()} are not read. Save it with 8 or 16 bits a sample, gray or RGB");
        bool wide = decoded.Depth() == MatType.CV_16U;
        PixelFormat pixels = color ? PixelFormat.Bgr24 : wide ? PixelFormat.Gray16 : PixelFormat.Gray8;
        Frame frame = pool.Rent(new FrameFormat(pixels, new FrameSize(decoded.Width, decoded.Height)), stamp);
        try
        {
            using Mat view = FrameMats.WritableView(frame);
            if (color && wide)
                decoded.ConvertTo(view, MatType.CV_8UC3, 1 / 257.0);
            else
                decoded.CopyTo(view);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static byte[] Encode(string path, string extension, Frame frame)
    {
        try
        {
            using Mat picture = PictureMat.From(frame);
            ImageEncodingParam[] settings = extension is ".jpg" or ".jpeg" ? [new(ImwriteFlags.JpegQuality, 95)] : [];
            Cv2.ImEncode(extension, picture, out byte[] bytes, settings);
            return bytes;
        }
        catch (OpenCVException e)
        {
            throw Fault.Output($"{path}: {frame.Size} {frame.Format.Pixels} cannot be encoded as {extension}: {OneLine(e.Message)}. Use another format", e);
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
