using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Probing;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Probing;

public sealed class MediaProbeTests : IDisposable
{
    private static readonly FfmpegInstallation Ffmpeg = new(TimeProvider.System);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_ordinary_file_is_described()
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], rate: 30, frames: 45, encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
        ProbedVideo video = await MediaProbe.ReadAsync(_folder["a.mp4"], Ffmpeg, default);

        Assert.Equal("h264 in mov, yuv420p", video.Detail);
        Assert.Equal((new FrameSize(64, 48), 0, new RationalTime(30, 1)), (video.StoredSize, video.RotationDegrees, video.FrameRate));
        Assert.Equal((45L, new Timestamp(0)), (video.FrameCount, video.Start));
        Assert.Equal(1.5, video.Duration!.Value.TotalSeconds, 3);
        Assert.Equal((ColorRange.Limited, ColorMatrix.Bt601), (video.Range, video.Matrix));
    }

    [Fact]
    public async Task Tags_of_range_and_matrix_win_over_what_is_meant_without_them()
    {
        await Clips.MakeMovingAsync(_folder["full.mp4"], encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-color_range", "pc", "-colorspace", "bt709"]);
        await Clips.MakeMovingAsync(_folder["large.mkv"], size: "1280x720", frames: 2, encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
        await Clips.MakeMovingAsync(_folder["large601.mkv"], size: "1280x720", frames: 2, encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-colorspace", "smpte170m"]);
        ProbedVideo full = await MediaProbe.ReadAsync(_folder["full.mp4"], Ffmpeg, default);
        ProbedVideo large = await MediaProbe.ReadAsync(_folder["large.mkv"], Ffmpeg, default);
        ProbedVideo large601 = await MediaProbe.ReadAsync(_folder["large601.mkv"], Ffmpeg, default);

        Assert.Equal((ColorRange.Full, ColorMatrix.Bt709), (full.Range, full.Matrix));
        Assert.Equal((ColorRange.Limited, ColorMatrix.Bt709), (large.Range, large.Matrix));
        Assert.Equal(ColorMatrix.Bt601, large601.Matrix);
    }

    [Fact]
    public async Task Rotation_start_and_an_estimated_count_are_told()
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
        await Clips.MakeAsync("-i", _folder["a.mp4"], "-c", "copy", "-metadata:s:v:0", "rotate=90", _folder["turned.mp4"]);
        await Clips.MakeAsync("-itsoffset", "100.25", "-i", _folder["a.mp4"], "-copyts", "-c", "copy", _folder["late.mkv"]);
        ProbedVideo turned = await MediaProbe.ReadAsync(_folder["turned.mp4"], Ffmpeg, default);
        ProbedVideo late = await MediaProbe.ReadAsync(_folder["late.mkv"], Ffmpeg, default);

        Assert.Equal((new FrameSize(64, 48), new FrameSize(48, 64)), (turned.StoredSize, turned.ShownSize));
        Assert.Equal(Timestamp.FromMilliseconds(100_250), late.Start);
        Assert.NotNull(late.FrameCount);
    }

    [Theory]
    [InlineData("with blank.mp4")]
    [InlineData("quote\".mp4")]
    [InlineData("back\\slash.mp4")]
    [InlineData("line\nend.mp4")]
    [InlineData("it's.mp4")]
    [InlineData("-dash.mp4")]
    [InlineData("rtsp:colon.mp4")]
    [InlineData("100%d.mp4")]
    [InlineData("größe.mp4")]
    public async Task Odd_names_are_read(string name)
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], frames: 3, encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
        File.Move(_folder["a.mp4"], _folder[name]);
        ProbedVideo video = await MediaProbe.ReadAsync(_folder[name], Ffmpeg, default);
        Assert.Equal(3, video.FrameCount);
    }

    [Fact]
    public async Task What_cannot_be_read_is_one_clear_line()
    {
        await File.WriteAllTextAsync(_folder["text.mp4"], string.Concat(Enumerable.Repeat("this is a text\n", 200)));
        File.Copy(_folder["text.mp4"], _folder["text.txt"]);
        await File.WriteAllBytesAsync(_folder["empty.mp4"], []);
        await Clips.MakeMovingAsync(_folder["a.mp4"], encoding: ["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
        byte[] whole = await File.ReadAllBytesAsync(_folder["a.mp4"]);
        await File.WriteAllBytesAsync(_folder["nomoov.mp4"], whole[..(whole.Length / 2)]);

        Assert.Equal($"{_folder["no.mp4"]}: no such file. Check the path", await FaultAsync("no.mp4"));
        Assert.Equal($"{_folder["x/no.mp4"]}: no such file. Check the path", await FaultAsync("x/no.mp4"));
        Assert.Equal($"{_folder["empty.mp4"]}: the file is empty (0 bytes). Record or copy it again", await FaultAsync("empty.mp4"));
        Assert.Contains("not a video that ffmpeg can read (moov atom not found; Invalid data found when processing input)", await FaultAsync("text.mp4"), StringComparison.Ordinal);
        Assert.Contains("it is a text file", await FaultAsync("text.txt"), StringComparison.Ordinal);
        Assert.Contains("moov atom not found", await FaultAsync("nomoov.mp4"), StringComparison.Ordinal);
        Assert.Contains("is a folder, not a video", await FaultAsync("."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_video_says_what_it_holds()
    {
        await Clips.MakeAsync("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", _folder["sound.m4a"]);
        Assert.Equal($"{_folder["sound.m4a"]}: no video stream (1 audio stream found). Give a file with video", await FaultAsync("sound.m4a"));

        await Clips.MakeMovingAsync(_folder["cover.png"], frames: 1);
        await Clips.MakeAsync("-i", _folder["sound.m4a"], "-i", _folder["cover.png"], "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic", _folder["music.m4a"]);
        Assert.Equal($"{_folder["music.m4a"]}: no video stream (1 audio stream, 1 cover picture stream found). Give a file with video", await FaultAsync("music.m4a"));
    }

    [Fact]
    public async Task Without_ffmpeg_the_fault_is_one_of_the_machine()
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => MediaProbe.ReadAsync(_folder["a.mp4"], new FfmpegInstallation(TimeProvider.System, "/nowhere"), default));
        Assert.Equal(FaultKind.Environment, fault.Kind);
    }

    private async Task<string> FaultAsync(string name)
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => MediaProbe.ReadAsync(_folder[name], Ffmpeg, default));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
