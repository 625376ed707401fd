using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Planes;
using EmmaStream.Registration.Files;
using EmmaStream.Registration.Warping;

namespace EmmaStream.Metrics.Reading;

/// <summary>
/// Brings the infrared and the visible to the output picture that the fused one was made at, with the very map that fusion uses; what the
/// infrared does not cover is filled from the visible, as fusion does. Its state does not change; safe for use by many threads.
/// </summary>
public sealed class InfraredRegistration : IDisposable
{
    private readonly RegistrationFile _file;
    private readonly FramePool _pool = new();
    private readonly WarpMap _map;
    private readonly FrameScale _scale;

    private InfraredRegistration(RegistrationFile file)
    {
        _file = file;
        _map = WarpMap.Of(file, _pool);
        _scale = new FrameScale(_pool);
    }

    /// <summary>Size that the fused picture must have.</summary>
    public FrameSize OutputSize => _file.Output;

    /// <summary>Added to infrared capture times before pairing.</summary>
    public TimeSpan TimeOffset => TimeSpan.FromMilliseconds(_file.TimeOffsetMs);

    /// <summary>Reads the file.</summary>
    /// <exception cref="Fault">It is missing, damaged, or says something that is not supported.</exception>
    public static InfraredRegistration Read(string path) => new(RegistrationFile.Load(path));

    /// <summary>Checks that the sources have the sizes that it was made for.</summary>
    /// <exception cref="Fault">One has another; the line names the file and both sizes.</exception>
    public void ThrowUnlessFits(FrameSize infrared, FrameSize visible) => _file.ThrowUnlessFits(infrared, visible);

    /// <summary>Replaces infrared and visible by their registered pictures at output size.</summary>
    /// <exception cref="Fault">A source has another size than the registration was made for.</exception>
    public void Apply(GrayPlane infrared, GrayPlane visible)
    {
        ArgumentNullException.ThrowIfNull(infrared);
        ArgumentNullException.ThrowIfNull(visible);
        _file.ThrowUnlessFits(new FrameSize(infrared.Width, infrared.Height), new FrameSize(visible.Width, visible.Height));
        using Frame visibleFrame = FrameOf(visible), infraredFrame = FrameOf(infrared);
        using Frame scaled = _scale.Apply(visibleFrame, _file.Output), registered = _map.Apply(infraredFrame);
        Take(scaled, visible);
        Take(registered, infrared);
        if (_map.Coverage is { } coverage)
            Fill(infrared.WritableSamples, visible.Samples, coverage.Plane(0).Bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _map.Dispose();
        _scale.Dispose();
        _pool.Dispose();
    }

    private Frame FrameOf(GrayPlane plane)
    {
        Frame frame = _pool.Rent(new FrameFormat(PixelFormat.Gray8, new FrameSize(plane.Width, plane.Height)), default);
        plane.Samples.CopyTo(frame.WritableBytes);
        return frame;
    }

    private static void Take(Frame frame, GrayPlane into)
    {
        into.Resize(frame.Size.Width, frame.Size.Height);
        frame.Bytes.CopyTo(into.WritableSamples);
    }

    private static void Fill(Span<byte> infrared, ReadOnlySpan<byte> visible, ReadOnlySpan<byte> coverage)
    {
        for (int i = 0; i < infrared.Length; i++)
            infrared[i] = (byte)((infrared[i] * coverage[i] + visible[i] * (255 - coverage[i]) + 127) / 255);
    }
}
