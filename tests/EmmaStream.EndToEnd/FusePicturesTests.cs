using EmmaStream.Core.Frames;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Weights;
using EmmaStream.Imaging;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Pictures and folders of them, and the raw output of the network.</summary>
public sealed class FusePicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    [Fact]
    public async Task A_pair_of_pictures_gives_a_picture_of_its_exact_size()
    {
        Write("a.png", 31, 17, 100);
        Write("b.png", 31, 17, 200);
        await FuseAsync("--ir", "a.png", "--vi", "b.png", "-o", "o.png", "--fuser", "average");
        (FrameSize size, byte[] pixels) = Read("o.png");
        Assert.Equal(new FrameSize(31, 17), size);
        Assert.All(pixels, p => Assert.Equal(150, p));
        Assert.Equal(["a.png", "b.png", "o.png"], _folder.Names);
    }

    [Fact]
    public async Task Two_folders_pair_by_name_and_keep_each_pairs_size()
    {
        Write("ir/SEQ/1.png", 20, 10, 10);
        Write("vi/SEQ/1.bmp", 20, 10, 30);
        Write("ir/SEQ/2.png", 33, 21, 20);
        Write("vi/SEQ/2.bmp", 33, 21, 60);
        Write("vi/SEQ/3.bmp", 33, 21, 60);
        CliRun run = await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "fused/", "--fuser", "average");
        Assert.Contains("3.bmp", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((new FrameSize(20, 10), 20), Level("fused/SEQ/1.png"));
        Assert.Equal((new FrameSize(33, 21), 40), Level("fused/SEQ/2.png"));
        Assert.Equal(["fused", "ir", "vi"], _folder.Names);
    }

    [Fact]
    public async Task Suffixes_in_one_folder_and_ir_and_vi_inside_one_pair_too()
    {
        Write("all/x_IR.png", 16, 16, 10);
        Write("all/x_EO.png", 16, 16, 30);
        await FuseAsync("--ir", "all", "--vi", "all", "-o", "one/", "--fuser", "average");
        Assert.Equal((new FrameSize(16, 16), 20), Level("one/x.png"));
        Write("set/ir/y.png", 16, 16, 40);
        Write("set/vi/y.png", 16, 16, 60);
        await FuseAsync("--ir", "set", "--vi", "set", "-o", "two/", "--fuser", "average");
        Assert.Equal((new FrameSize(16, 16), 50), Level("two/y.png"));
    }

    [Fact]
    public async Task A_folder_becomes_a_video_at_the_rate_that_is_asked_for()
    {
        for (int n = 0; n < 10; n++)
        {
            Write($"ir/{n}.png", 64, 48, (byte)(10 * n));
            Write($"vi/{n}.png", 64, 48, (byte)(20 * n));
        }
        await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "o.mp4", "--fps", "5");
        Played video = await Played.ToTheEndAsync(_folder["o.mp4"]);
        Assert.Equal((10, 5.0), (video.Frames, video.FramesPerSecond));
        Assert.Equal(2, video.Seconds, 0.01);
    }

    [Theory]
    [InlineData("gray")]
    [InlineData("color")]
    public async Task Gray_and_color_and_any_size_become_one_video_and_what_was_scaled_is_told(string first)
    {
        for (int n = 0; n < 3; n++)
        {
            Write($"ir/{n}.png", 64, 48, 100);
            Write($"vi/{n}.png", n == 2 ? 32 : 64, n == 2 ? 24 : 48, 200);
        }
        string color = $"vi/{(first == "gray" ? 1 : 0)}.png";
        await Played.MakeAsync("-i", _folder[color], "-pix_fmt", "rgb24", _folder["c.png"]);
        File.Move(_folder["c.png"], _folder[color], overwrite: true);
        CliRun run = await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "o.mkv", "--crf", "0", "--fuser", "average");
        Assert.Contains("1 visible picture had another size than the first and was scaled to 64x48", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(3, (await Played.ToTheEndAsync(_folder["o.mkv"])).Frames);
        await Played.MakeAsync("-i", _folder["o.mkv"], "-pix_fmt", "gray", _folder["o%d.png"]);
        foreach (int n in new[] { 1, 2, 3 })
            Assert.All(Read($"o{n}.png").Pixels, p => Assert.InRange(p, 148, 152));
    }

    [Fact]
    public async Task A_folder_that_a_link_inside_leads_to_is_read_once()
    {
        Write("ir/SEQ/1.png", 20, 20, 10);
        Write("vi/SEQ/1.png", 20, 20, 30);
        File.CreateSymbolicLink(_folder["ir/again"], "../ir");
        File.CreateSymbolicLink(_folder["vi/again"], "../vi");
        CliRun run = await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "fused/", "--fuser", "average");
        Assert.Contains("fused: 1 frame\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npy_is_float32_pairs_1_rows_columns()
    {
        for (int n = 0; n < 3; n++)
        {
            Write($"ir/{n}.png", 20, 12, (byte)(30 * n));
            Write($"vi/{n}.png", 20, 12, (byte)(60 * n));
        }
        await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "o.npy", "--fuser", "average");
        NpyFile array = NpyFile.Load(_folder["o.npy"]);
        Assert.Equal([3, 1, 12, 20], array.Shape);
        Assert.All(array.Values.Select((v, i) => (v, n: i / 240)), p => Assert.Equal(45f * p.n / 255, p.v, 1e-6f));
        byte[] start = new byte[10];
        using FileStream file = File.OpenRead(_folder["o.npy"]);
        file.ReadExactly(start);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], start[..8]);
    }

    [Fact]
    public async Task Emma_writes_what_the_network_gives()
    {
        // The golden case's noise to 8 bits, as pictures hold it: the expected output is the engine's own, which other tests hold to the golden one.
        NpyFile ir = UFuserGolden.Array("input_ir"), vi = UFuserGolden.Array("input_vi");
        float[] infrared = WriteUnit("a.png", ir.Values, 32, 32), visible = WriteUnit("b.png", vi.Values, 32, 32);
        await FuseAsync("--ir", "a.png", "--vi", "b.png", "-o", "o.npy", "--fuser", "emma", "--model", UFuserGolden.Weights, "--levels", "none");
        NpyFile output = NpyFile.Load(_folder["o.npy"]);
        Assert.Equal([1, 1, 32, 32], output.Shape);
        Assert.InRange(UFuserGolden.LargestDifference(Fuse(infrared, visible, 32, 32), output.Values), 0, UFuserGolden.Tolerance);
        Assert.InRange(UFuserGolden.LargestDifference(UFuserGolden.Array("output").Values, output.Values), 1e-6, 0.05);   // near, but of other inputs
    }

    [Theory]
    [InlineData("crop", "cpu")]
    [InlineData("odd8", "cpu")]
    [InlineData("real", "cpu")]
    [InlineData("crop", "torch")]
    public async Task Emma_equals_the_published_network_on_real_pictures(string name, string engine)
    {
        string? folder = SharedData.TryPath("golden", "ufuser", name);
        Assert.SkipWhen(folder is null, SharedData.Absent);
        NpyFile ir = NpyFile.Load(Path.Combine(folder, "input_ir.npy")), vi = NpyFile.Load(Path.Combine(folder, "input_vi.npy"));
        NpyFile expected = NpyFile.Load(Path.Combine(folder, "output.npy"));
        int height = ir.Shape[2], width = ir.Shape[3], area = height * width;
        for (int n = 0; n < ir.Shape[0]; n++)
        {
            Assert.Equal(ir.Values[(n * area)..((n + 1) * area)], WriteUnit($"ir/{n}.png", ir.Values[(n * area)..((n + 1) * area)], width, height));
            Assert.Equal(vi.Values[(n * area)..((n + 1) * area)], WriteUnit($"vi/{n}.png", vi.Values[(n * area)..((n + 1) * area)], width, height));
        }
        await FuseAsync("--ir", "ir", "--vi", "vi", "-o", "o.npy", "--fuser", "emma", "--model", UFuserGolden.Weights, "--levels", "none", "--engine", engine, "--batch", "2");
        NpyFile output = NpyFile.Load(_folder["o.npy"]);
        Assert.Equal(expected.Shape, output.Shape);
        Assert.InRange(UFuserGolden.LargestDifference(expected.Values, output.Values), 0, UFuserGolden.Tolerance);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
    }

    private Task<CliRun> FuseAsync(params string[] arguments) => CliRun.DoneInAsync(_folder.FullPath, ["fuse", .. arguments]);

    private void Write(string name, int width, int height, byte level)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Frame frame = Some.Frame(_pool.Pool, value: level, width: width, height: height);
        StillImage.Write(_folder[name], frame);
    }

    // Samples in [0, 1] as 8-bit gray; returns what the file holds of them.
    private float[] WriteUnit(string name, float[] unit, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using Frame frame = Some.Frame(_pool.Pool, width: width, height: height);
        Span<byte> bytes = frame.WritableBytes;
        for (int i = 0; i < unit.Length; i++)
            bytes[i] = (byte)MathF.Round(unit[i] * 255);
        StillImage.Write(_folder[name], frame);
        return [.. frame.Bytes.ToArray().Select(b => b / 255f)];
    }

    private (FrameSize Size, byte[] Pixels) Read(string name)
    {
        using Frame frame = StillImage.Read(_folder[name], _pool.Pool, default);
        return (frame.Size, frame.Bytes.ToArray());
    }

    private (FrameSize Size, byte Level) Level(string name)
    {
        (FrameSize size, byte[] pixels) = Read(name);
        return (size, Assert.Single(pixels.Distinct()));
    }

    private static unsafe float[] Fuse(float[] infrared, float[] visible, int width, int height)
    {
        using EmmaCpuFuser fuser = new(WeightFile.Load(UFuserGolden.Weights), new EmmaCpuOptions { Threads = 1 });
        float[] fused = new float[width * height];
        fixed (float* a = infrared, b = visible, f = fused)
            fuser.Fuse([new FusionJob(new LumaPlane(a, width, height, width), new LumaPlane(b, width, height, width), new LumaPlane(f, width, height, width))]);
        return fused;
    }
}
