using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Real recordings, fused by the real program: nothing lost, and a file that plays.</summary>
public sealed class FuseVideosTests
{
    [Theory]
    [InlineData("entrance")]
    [InlineData("smoke")]
    [InlineData("stairs")]
    public async Task A_recorded_pair_gives_one_frame_for_each_visible_frame(string clip)
    {
        string? folder = SharedData.TryPath("data", "video", clip);
        Assert.SkipWhen(folder is null, SharedData.Absent);
        await FuseAsync(Path.Combine(folder, "ir.mp4"), Path.Combine(folder, "vi.mp4"), times: 1);
    }

    [Theory]
    [InlineData("0114_1551", "ir.mp4", "vi.mp4")]
    [InlineData("0115_1831", "ir.mp4", "vi.mp4")]
    [InlineData("0114_1551", "ir_noise.mp4", "vi_blur.mp4")]
    [InlineData("0115_1831", "ir_noise.mp4", "vi_blur.mp4")]
    public async Task A_short_pair_fuses_to_the_same_bytes_twice(string clip, string infrared, string visible)
    {
        string? folder = SharedData.TryPath("data", "video_short", clip);
        Assert.SkipWhen(folder is null, SharedData.Absent);
        await FuseAsync(Path.Combine(folder, infrared), Path.Combine(folder, visible), times: 2);
    }

    [Fact]
    public async Task The_bundled_sample_fuses_to_the_same_bytes_twice()
    {
        string registration = Repository.PathOf("samples", "street-registration.json");
        await FuseAsync(Repository.PathOf("samples", "street-ir.mp4"), Repository.PathOf("samples", "street-vi.mp4"), times: 2, "--registration", registration);
    }

    private static async Task FuseAsync(string infrared, string visible, int times, params string[] more)
    {
        using TemporaryFolder folder = new();
        Played source = await Played.ToTheEndAsync(visible);
        List<byte[]> results = [];
        for (int i = 0; i < times; i++)
        {
            CliRun run = await CliRun.DoneInAsync(
                folder.FullPath, ["fuse", "--ir", infrared, "--vi", visible, "-o", "fused.mp4", "--fuser", "laplacian", "--preset", "ultrafast", "--report", "report.json", .. more]);
            Assert.Empty(run.Errors);
            Report report = Report.Load(folder["report.json"]);
            Played fused = await Played.ToTheEndAsync(folder["fused.mp4"]);
            Assert.Equal(source.Frames, report.Master("in"));
            Assert.Equal(report.Delivered, fused.Frames);
            Assert.Equal(source.Frames, report.Master("fused"));
            Assert.InRange(fused.Seconds, source.Seconds - 1 / source.FramesPerSecond, source.Seconds + 1 / source.FramesPerSecond);
            Assert.Equal((source.Width, source.Height), (fused.Width, fused.Height));
            results.Add(await File.ReadAllBytesAsync(folder["fused.mp4"]));
        }
        Assert.All(results, bytes => Assert.Equal(results[0], bytes));
        Assert.Equal(["fused.mp4", "report.json"], folder.Names);
    }
}
