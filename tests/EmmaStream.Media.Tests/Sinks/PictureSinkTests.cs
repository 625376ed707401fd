using System.Buffers.Binary;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sinks;

public sealed class PictureSinkTests : IDisposable
{
    private static readonly FfmpegInstallation NoFfmpeg = new(TimeProvider.System, "/nowhere");

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    [Theory]
    [InlineData("out.png")]
    [InlineData("out.tif")]
    public async Task One_picture_keeps_its_odd_size_and_every_sample(string name)
    {
        await using (IFrameSink sink = await CreateAsync(name))
        {
            await WriteAsync(sink, 0, 77, 33, 17);
            Assert.Equal(_folder[name], await sink.CompleteAsync(SinkEnding.Complete));
        }
        using Frame read = StillImage.Read(_folder[name], _pool.Pool, default);
        Assert.Equal((new FrameSize(33, 17), 77), (read.Size, read.Bytes[0]));
        Assert.Equal([name], _folder.Names);
    }

    [Fact]
    public async Task A_second_frame_does_not_fit_into_a_picture()
    {
        await using IFrameSink sink = await CreateAsync("out.png");
        await WriteAsync(sink, 0);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => WriteAsync(sink, 1));
        Assert.Equal((FaultKind.Usage, $"{_folder["out.png"]}: is one picture, but there are more frames. Name a folder (with / at its end) or a video (.mp4, .mkv), or take one frame with --duration"), (fault.Kind, fault.Message));
        Assert.Null(await sink.CompleteAsync(SinkEnding.Failed));
        Assert.Empty(_folder.Names);   // the first of many is not what was asked for
    }

    [Fact]
    public async Task An_existing_picture_is_whole_until_its_successor_is_complete()
    {
        await File.WriteAllTextAsync(_folder["out.png"], "precious");
        await using (IFrameSink sink = await CreateAsync("out.png"))
            await WriteAsync(sink, 0);   // never completed
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["out.png"]));
        Assert.Equal(["out.png"], _folder.Names);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out/")]
    [InlineData("out.v1/")]
    public async Task A_folder_gets_one_picture_a_frame_and_appears_when_it_is_complete(string name)
    {
        string path = _folder[name.TrimEnd('/')];
        await using (IFrameSink sink = await CreateAsync(name))
        {
            for (int i = 0; i < 3; i++)
                await WriteAsync(sink, i, (byte)i, 33, 17);
            Assert.False(Directory.Exists(path));
            Assert.Equal(path, await sink.CompleteAsync(SinkEnding.Complete));
        }
        Assert.Equal(["000000.png", "000001.png", "000002.png"], Directory.EnumerateFiles(path).Select(Path.GetFileName).Order());
        Assert.Single(_folder.Names);
    }

    [Fact]
    public async Task Names_of_pictures_can_be_given_sub_folders_included()
    {
        SinkOptions options = new() { PictureName = f => $"S{f.Fused.Stamp.Sequence}/a", PictureExtension = ".jpg" };
        await using (IFrameSink sink = await CreateAsync("out/", options))
        {
            await WriteAsync(sink, 1);
            await WriteAsync(sink, 2);
            Assert.Contains("two frames have the name S2/a.jpg", (await Assert.ThrowsAsync<Fault>(() => WriteAsync(sink, 2))).Message, StringComparison.Ordinal);
            await sink.CompleteAsync(SinkEnding.Complete);
        }
        Assert.True(File.Exists(_folder["out/S1/a.jpg"]) && File.Exists(_folder["out/S2/a.jpg"]));

        await using IFrameSink outside = await CreateAsync("o/", new SinkOptions { PictureName = _ => "../../x" });
        Assert.Contains("lies outside", (await Assert.ThrowsAsync<Fault>(() => WriteAsync(outside, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_refused_and_an_empty_one_is_filled()
    {
        Directory.CreateDirectory(_folder["full"]);
        await File.WriteAllTextAsync(_folder["full/a"], "precious");
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Equal($"{_folder["full"]}: the folder is not empty. Name another one, or empty it", (await Assert.ThrowsAsync<Fault>(() => CreateAsync("full/"))).Message);

        await using IFrameSink sink = await CreateAsync("empty");
        await WriteAsync(sink, 0);
        Assert.Equal(_folder["empty"], await sink.CompleteAsync(SinkEnding.Interrupted));
        Assert.Equal(["empty", "full"], _folder.Names);
    }

    [Fact]
    public async Task A_folder_that_ends_early_is_kept_as_partial()
    {
        await using IFrameSink sink = await CreateAsync("out/");
        await WriteAsync(sink, 0);
        Assert.Equal(_folder["out.partial"], await sink.CompleteAsync(SinkEnding.Failed));
        Assert.Equal(["out.partial"], _folder.Names);
    }

    [Fact]
    public async Task Npy_holds_the_raw_output_of_fused_pairs_alone()
    {
        await using (IFrameSink sink = await CreateAsync("out.npy"))
        {
            Assert.True(sink.NeedsRaw);
            Assert.True(await WriteRawAsync(sink, 0.25f));
            using (FusedFrame passed = new() { Fused = Some.Frame(_pool.Pool), Reason = FrameReason.PartnerEnded })
                Assert.False(await sink.WriteAsync(passed, default));
            Assert.True(await WriteRawAsync(sink, -1.5f));
            Assert.Equal(_folder["out.npy"], await sink.CompleteAsync(SinkEnding.Complete));
        }

        byte[] file = await File.ReadAllBytesAsync(_folder["out.npy"]);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], file[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3, 5), }", System.Text.Encoding.ASCII.GetString(file, 10, 118).TrimEnd());
        Assert.Equal((byte)'\n', file[127]);
        Assert.Equal(128 + 2 * 15 * 4, file.Length);
        Assert.Equal((0.25f, -1.5f), (BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(128)), BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(128 + 60))));
    }

    [Fact]
    public async Task Npy_has_one_size_and_nothing_without_a_pair()
    {
        await using (IFrameSink empty = await CreateAsync("none.npy"))
            Assert.Null(await empty.CompleteAsync(SinkEnding.Complete));
        Assert.Empty(_folder.Names);

        await using IFrameSink sink = await CreateAsync("out.npy");
        await WriteRawAsync(sink, 1);
        Assert.Contains("is 7x7, those before it 5x3", (await Assert.ThrowsAsync<Fault>(() => WriteRawAsync(sink, 1, 7, 7))).Message, StringComparison.Ordinal);
        Assert.Equal(_folder["out.partial.npy"], await sink.CompleteAsync(SinkEnding.Failed));
        Assert.Equal(128 + 60, new FileInfo(_folder["out.partial.npy"]).Length);
    }

    [Fact]
    public async Task A_full_disk_is_a_fault_for_npy_too()
    {
        using SmallDisk? disk = SmallDisk.TryMount(_folder["disk"], "64k");
        Assert.SkipWhen(disk is null, "a small disk cannot be mounted here (needs root)");
        await using IFrameSink sink = await CreateAsync("disk/out.npy");
        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            for (int i = 0; i < 100; i++)
                await WriteRawAsync(sink, i, 50, 50);
        });
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        string? kept = await sink.CompleteAsync(SinkEnding.Failed);
        Assert.Equal(_folder["disk/out.partial.npy"], kept);
        Assert.Equal(0, (new FileInfo(kept!).Length - 128) % 10_000);
    }

    [Fact]
    public async Task The_null_sink_counts_and_unknown_extensions_are_refused()
    {
        await using (IFrameSink sink = await FrameSinks.CreateAsync("null", new SinkOptions(), NoFfmpeg, default))
        {
            await WriteAsync(sink, 0);
            Assert.Equal((1, null), (Assert.IsType<NullSink>(sink).Count, await sink.CompleteAsync(SinkEnding.Complete)));
        }
        Fault fault = await Assert.ThrowsAsync<Fault>(() => CreateAsync("out.xyz"));
        Assert.Contains("nothing is written as '.xyz'", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Environment, (await Assert.ThrowsAsync<Fault>(() => CreateAsync("out.mp4"))).Kind);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".npy")]
    [InlineData("/")]
    public async Task The_longest_name_has_room_and_a_longer_one_is_refused_before_the_first_frame(string ending)
    {
        string name = new string('a', 251) + ending;
        await using (IFrameSink sink = await CreateAsync(name))
        {
            await WriteRawOrPictureAsync(sink);
            Assert.Equal(_folder[name.TrimEnd('/')], await sink.CompleteAsync(SinkEnding.Complete));
        }
        await using (IFrameSink sink = await CreateAsync(name.Replace('a', 'b')))
        {
            await WriteRawOrPictureAsync(sink);
            Assert.Contains(".partial", await sink.CompleteAsync(SinkEnding.Failed), StringComparison.Ordinal);
        }
        Assert.Contains("bytes long", (await Assert.ThrowsAsync<Fault>(() => CreateAsync("aaaaa" + name))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.png")]
    [InlineData("out/")]
    public async Task A_picture_that_cannot_be_written_is_called_by_the_users_name(string name)
    {
        await using IFrameSink sink = await CreateAsync(name);
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder.FullPath))
        {
            if (File.Exists(path))
                File.Delete(path);
            else
                Directory.Delete(path);
            Directory.CreateDirectory(Path.Combine(path, "000000.png", "x"));   // in the way
        }
        Fault fault = await Assert.ThrowsAsync<Fault>(() => WriteAsync(sink, 0));
        Assert.StartsWith(_folder[name], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partial-", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_cannot_take_its_name_is_not_lost()
    {
        await using (IFrameSink sink = await CreateAsync("out.png"))
        {
            await WriteAsync(sink, 0);
            Directory.CreateDirectory(_folder["out.png/x"]);
            Fault fault = await Assert.ThrowsAsync<Fault>(async () => await sink.CompleteAsync(SinkEnding.Complete));
            Assert.Contains(_folder[_folder.Names.Single(n => n != "out.png")], fault.Message, StringComparison.Ordinal);
        }
        Assert.Equal(2, _folder.Names.Count);
    }

    private async Task WriteRawOrPictureAsync(IFrameSink sink)
    {
        if (sink.NeedsRaw)
            await WriteRawAsync(sink, 1);
        else
            await WriteAsync(sink, 0);
    }

    private Task<IFrameSink> CreateAsync(string name, SinkOptions? options = null) =>
        FrameSinks.CreateAsync(_folder[name], options ?? new SinkOptions(), NoFfmpeg, default);

    private async Task WriteAsync(IFrameSink sink, int sequence, byte value = 128, int width = 16, int height = 16)
    {
        using FusedFrame frame = new() { Fused = Some.Frame(_pool.Pool, sequence * 40, value, width, height, sequence: sequence) };
        Assert.True(await sink.WriteAsync(frame, default));
    }

    private async Task<bool> WriteRawAsync(IFrameSink sink, float value, int width = 5, int height = 3)
    {
        Frame raw = _pool.Pool.Rent(new FrameFormat(PixelFormat.GrayF32, new FrameSize(width, height)), default);
        raw.WritablePlane(0).Samples<float>().Fill(value);
        using FusedFrame frame = new() { Fused = Some.Frame(_pool.Pool), Raw = raw };
        return await sink.WriteAsync(frame, default);
    }
}
