using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sources;

public sealed class OpenCvFileSourceTests : IDisposable
{
    private static readonly FfmpegInstallation Ffmpeg = new(TimeProvider.System);
    private static readonly SourceOptions OpenCv = new() { Driver = SourceDriver.OpenCv };

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    [Theory]
    [InlineData("yuv420p", "libx264", "extractplanes=y", PixelFormat.Gray8)]
    [InlineData("yuvj420p", "mjpeg", "extractplanes=y", PixelFormat.Gray8)]
    [InlineData("gray", "ffv1", "null", PixelFormat.Gray8)]
    [InlineData("gray16le", "ffv1", "null", PixelFormat.Gray16)]
    [InlineData("bgr0", "ffv1", "format=bgr24", PixelFormat.Bgr24)]
    public async Task Samples_are_those_that_ffmpeg_decodes(string pixels, string codec, string filter, PixelFormat expected)
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], frames: 8, encoding: ["-pix_fmt", pixels, "-c:v", codec]);
        (IFrameSource source, List<(double Time, byte[] Bytes)> frames) = await ReadAsync(OpenCv);

        Assert.Equal(expected, source.Description.Format.Pixels);
        Assert.Equal(await Clips.DecodeAsync(_folder["a.mkv"], filter), frames.SelectMany(f => f.Bytes));
    }

    [Fact]
    public async Task Both_drivers_agree_on_luma_range_and_spacing_and_this_one_says_that_times_start_at_0()
    {
        await Clips.MakeMovingAsync(_folder["b.mkv"], frames: 12, encoding: ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-bf", "2"]);
        await Clips.MakeAsync("-itsoffset", "100.25", "-i", _folder["b.mkv"], "-copyts", "-c", "copy", _folder["a.mkv"]);
        (IFrameSource own, List<(double Time, byte[] Bytes)> frames) = await ReadAsync(OpenCv);
        (IFrameSource other, List<(double Time, byte[] Bytes)> reference) = await ReadAsync(new SourceOptions());

        Assert.Equal(reference.Select(f => Math.Round(f.Time - 100.25, 3)), frames.Select(f => Math.Round(f.Time, 3)));
        Assert.All(frames.Zip(reference), p => Assert.Equal(p.Second.Bytes[..(64 * 48)], p.First.Bytes));
        Assert.Equal(other.Description.Format.Range, own.Description.Format.Range);
        Assert.EndsWith("by OpenCV; luma only, no colour; times count from the first frame", own.Description.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_duration_half_and_rotation_work_as_in_the_other_driver()
    {
        await Clips.MakeMovingAsync(_folder["b.mp4"], size: "128x48", rate: 10, frames: 30, encoding: ["-pix_fmt", "yuv420p", "-c:v", "libx264"]);
        await Clips.MakeAsync("-i", _folder["b.mp4"], "-c", "copy", "-metadata:s:v:0", "rotate=90", "-f", "mp4", _folder["a.mkv"]);
        SourceOptions part = new() { Start = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(0.5), Half = PictureHalf.Right };
        (IFrameSource own, List<(double Time, byte[] Bytes)> frames) = await ReadAsync(part with { Driver = SourceDriver.OpenCv });
        (IFrameSource other, List<(double Time, byte[] Bytes)> reference) = await ReadAsync(part);

        Assert.Equal(other.Description.Format.Size, own.Description.Format.Size);
        Assert.Equal([1.0, 1.1, 1.2, 1.3, 1.4], frames.Select(f => Math.Round(f.Time, 3)));
        Assert.All(frames.Zip(reference), p => Assert.Equal(p.Second.Bytes[..(24 * 128)], p.First.Bytes));
    }

    [Theory]
    [InlineData("gray16be", "png")]
    [InlineData("yuv420p10le", "ffv1")]
    [InlineData("yuv422p", "ffv1")]
    public async Task Formats_that_come_back_as_garbage_are_refused_by_name(string pixels, string codec)
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], frames: 2, encoding: ["-pix_fmt", pixels, "-c:v", codec]);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync(OpenCv));
        Assert.Equal($"{_folder["a.mkv"]}: OpenCV does not decode {pixels} faithfully. Use --driver ffmpeg", fault.Message);
    }

    private async Task<(IFrameSource Source, List<(double Time, byte[] Bytes)> Frames)> ReadAsync(SourceOptions options)
    {
        await using IFrameSource source = await FrameSources.OpenAsync(_folder["a.mkv"], options, _pool.Pool, Ffmpeg, default);
        List<(double, byte[])> frames = [];
        while (await source.ReadAsync(default) is { } frame)
        {
            using (frame)
                frames.Add((frame.CaptureTime.Seconds, frame.Bytes.ToArray()));
        }
        return (source, frames);
    }
}
