using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sources;

public sealed class ImageSourceTests : IDisposable
{
    private static readonly FfmpegInstallation NoFfmpeg = new(TimeProvider.System, "/nowhere");

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task A_folder_gives_its_pictures_in_the_order_of_their_numbers_with_times()
    {
        foreach (int n in (int[])[10, 2, 1])
            Save($"frame{n}.png", (byte)n);
        await File.WriteAllTextAsync(_folder["notes.txt"], "no picture");
        await using IFrameSource source = await OpenAsync(_folder.FullPath, new SourceOptions { ImageRate = new RationalTime(10, 1) });

        Assert.Equal((PixelFormat.Gray8, 3L, 10.0), (source.Description.Format.Pixels, source.Description.FrameCount, source.Description.FrameRate.Value));
        Assert.Equal([(1, 0.0, 0L), (2, 0.1, 9000L), (10, 0.2, 18000L)], await ReadAsync(source));
    }

    [Fact]
    public async Task Start_and_duration_cut_by_time_and_keep_the_numbers()
    {
        for (int n = 0; n < 10; n++)
            Save($"{n}.png", (byte)n);
        await using IFrameSource source = await OpenAsync(_folder.FullPath, new SourceOptions { Start = TimeSpan.FromSeconds(0.12), Duration = TimeSpan.FromSeconds(0.08) });
        Assert.Equal([(3, 0.12, 10800L), (4, 0.16, 14400L)], await ReadAsync(source));
    }

    [Fact]
    public async Task One_picture_is_a_source_of_one_frame()
    {
        Save("a.png", 7);
        await using IFrameSource source = await OpenAsync(_folder["a.png"]);
        Assert.Equal([(7, 0.0, 0L)], await ReadAsync(source));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_left_out_named_and_keeps_its_place()
    {
        await File.WriteAllBytesAsync(_folder["0.png"], []);
        Save("1.png", 1);
        await File.WriteAllBytesAsync(_folder["2.png"], [1, 2, 3]);
        Save("3.png", 3);
        File.CreateSymbolicLink(_folder["4.png"], _folder["nowhere.png"]);
        await using IFrameSource source = await OpenAsync(_folder.FullPath);

        Assert.Equal(PixelFormat.Gray8, source.Description.Format.Pixels);
        Assert.Equal([(1, 0.04, 3600L), (3, 0.12, 10800L)], await ReadAsync(source));
        SkippedPictures skipped = source.Skipped!;
        Assert.Equal([0L, 2L, 4L], Enumerable.Range(0, 5).Select(n => (long)n).Where(skipped.Contains));
        Assert.Equal(3, skipped.Count);
        Assert.All(skipped.Causes.Zip([0, 2, 4]), p => Assert.StartsWith(_folder[$"{p.Second}.png"] + ": ", p.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_goes_away_is_a_fault_and_not_a_row_of_skipped_pictures()
    {
        Directory.CreateDirectory(_folder["in"]);
        for (int n = 0; n < 3; n++)
            Save($"in/{n}.png", (byte)n);
        await using IFrameSource source = await OpenAsync(_folder["in"]);
        (await source.ReadAsync(default))!.Dispose();
        Directory.Move(_folder["in"], _folder["away"]);
        Fault fault = await Assert.ThrowsAsync<Fault>(async () => await source.ReadAsync(default));
        Assert.Contains("no such file", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, source.Skipped!.Count);
    }

    [Fact]
    public async Task A_folder_in_which_nothing_can_be_read_is_refused()
    {
        await File.WriteAllBytesAsync(_folder["0.png"], []);
        await File.WriteAllBytesAsync(_folder["1.png"], [1]);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => OpenAsync(_folder.FullPath));
        Assert.StartsWith($"{_folder.FullPath}: none of 2 pictures can be read. The first: {_folder["0.png"]}: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Input, fault.Kind);
    }

    [Fact]
    public async Task A_start_beyond_the_last_picture_is_refused_unless_the_source_may_be_empty()
    {
        Save("0.png", 0);
        Save("1.png", 1);
        SourceOptions beyond = new() { Start = TimeSpan.FromSeconds(5) };
        Fault fault = await Assert.ThrowsAsync<Fault>(() => OpenAsync(_folder.FullPath, beyond));
        Assert.Equal((FaultKind.Usage, $"--start is 5 s, but {_folder.FullPath}, which is 0.08 s long, holds no frame from there on. Give an earlier --start"), (fault.Kind, fault.Message));
        await using IFrameSource source = await OpenAsync(_folder.FullPath, beyond with { MayBeEmpty = true });
        Assert.Empty(await ReadAsync(source));
    }

    [Fact]
    public async Task A_folder_without_pictures_or_a_missing_path_is_one_clear_line()
    {
        Fault empty = await Assert.ThrowsAsync<Fault>(() => OpenAsync(_folder.FullPath));
        Fault missing = await Assert.ThrowsAsync<Fault>(() => OpenAsync(_folder["no.png"]));

        Assert.StartsWith($"{_folder.FullPath}: no picture in this folder. It needs files that end with .png .jpg", empty.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", missing.Message, StringComparison.Ordinal);
    }

    private Task<IFrameSource> OpenAsync(string path, SourceOptions? options = null) =>
        FrameSources.OpenAsync(path, options ?? new SourceOptions(), _pool.Pool, NoFfmpeg, default);

    private void Save(string name, byte value)
    {
        using Frame frame = Some.Frame(_pool.Pool, value: value);
        StillImage.Write(_folder[name], frame);
    }

    private static async Task<List<(int Value, double Seconds, long Pts)>> ReadAsync(IFrameSource source)
    {
        List<(int, double, long)> frames = [];
        while (await source.ReadAsync(default) is { } frame)
        {
            using (frame)
                frames.Add((frame.Bytes[0], frame.CaptureTime.Seconds, frame.Stamp.Pts));
        }
        return frames;
    }
}
