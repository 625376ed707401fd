using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.Sources;
using EmmaStream.Registration;
using EmmaStream.Registration.Files;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>Managed memory that a frame costs on its way, once everything is warm: under 1 KB, and the same at the end of a long run.</summary>
public sealed class AllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Warm = 200, Frames = 1000;
    private static readonly FrameFormat Video = new(PixelFormat.Yuv420P, new FrameSize(160, 120), ColorRange.Limited);
    private readonly LeakCheckedPool _pool = new();

    [Fact]
    public async Task A_frame_to_a_null_sink_costs_less_than_1_KB()
        => Report("list sources to null", await MeasureAsync(Source(), Source(), new NullSink()));

    [Fact]
    public async Task A_registered_frame_costs_less_than_1_KB()
    {
        RegistrationFile registration = new()
        {
            Infrared = Video.Size,
            Visible = Video.Size,
            Output = Video.Size,
            InfraredToVisible = new Homography(1.02, 0.01, 4, -0.01, 1.02, 3, 0, 0, 1),
        };
        Report("registered, to null", await MeasureAsync(Source(), Source(), new NullSink(), registration));
    }

    [Theory]
    [InlineData(80, 60, 160, 120, true)]
    [InlineData(320, 240, 160, 120, true)]
    [InlineData(100, 90, 160, 120, false)]
    [InlineData(160, 120, 64, 48, false)]
    [InlineData(81, 61, 64, 48, false)]
    public async Task A_frame_of_another_output_size_costs_less_than_1_KB(int width, int height, int infraredWidth, int infraredHeight, bool registered)
    {
        FrameSize output = new(width, height);
        FrameFormat infrared = Video with { Size = new FrameSize(infraredWidth, infraredHeight) };
        RegistrationFile registration = new()
        {
            Infrared = infrared.Size,
            Visible = Video.Size,
            Output = output,
            InfraredToVisible = new Homography(1.02, 0.01, 4, -0.01, 1.02, 3, 0, 0, 1),
        };
        ListSource source = new(_pool.Pool, infrared, Frames);
        Report($"{(registered ? "registered, " : "")}{infrared.Size} onto {Video.Size} at {output}", await MeasureAsync(source, Source(), new NullSink(), registered ? registration : null, output));
    }

    [Fact]
    public async Task A_frame_from_two_videos_to_a_video_costs_less_than_1_KB()
    {
        using TemporaryFolder folder = new();
        FfmpegInstallation ffmpeg = new(TimeProvider.System);
        await WriteAsync(folder["ir.mkv"], ffmpeg);
        await WriteAsync(folder["vi.mkv"], ffmpeg);
        IFrameSource infrared = await FrameSources.OpenAsync(folder["ir.mkv"], new SourceOptions(), _pool.Pool, ffmpeg, CancellationToken.None);
        IFrameSource visible = await FrameSources.OpenAsync(folder["vi.mkv"], new SourceOptions(), _pool.Pool, ffmpeg, CancellationToken.None);
        Report("videos to a video", await MeasureAsync(infrared, visible, await VideoSinkAsync(folder["out.mp4"], ffmpeg)));
    }

    [Fact]
    [Trait("Duration", "long")]
    public async Task Ten_thousand_frames_leave_memory_flat()
    {
        List<(long Frame, long Managed, long Native, long Resident)> marks = [];
        MeasuredSink sink = new(new NullSink(), n =>
        {
            if (n % 2000 == 1999)
                marks.Add((n, GC.GetTotalMemory(forceFullCollection: true), _pool.Pool.Bytes, Environment.WorkingSet));
        });
        await GraphRun.RunAsync(_pool.Pool, Source(10_000), Source(10_000), [sink]);
        foreach ((long frame, long managed, long native, long resident) in marks)
            output.WriteLine($"frame {frame}: managed {managed / 1024} KB, frames {native / 1024} KB, resident {resident >> 20} MB");
        Assert.Equal(5, marks.Count);
        Assert.InRange(marks[^1].Managed - marks[0].Managed, long.MinValue, 200 * 1024);
        Assert.InRange(marks[^1].Native, 0, 4 << 20);   // what fits into the links
        Assert.InRange(marks[^1].Resident - marks[0].Resident, long.MinValue, 16 << 20);
    }

    public void Dispose() => _pool.Dispose();

    private async Task<double> MeasureAsync(IFrameSource infrared, IFrameSource visible, IFrameSink sink, RegistrationFile? registration = null, FrameSize? output = null)
    {
        long start = 0, end = 0;
        MeasuredSink measured = new(sink, n =>
        {
            if (n == Warm)
                start = GC.GetTotalAllocatedBytes(precise: true);
            if (n == Frames - 1)
                end = GC.GetTotalAllocatedBytes(precise: true);
        });
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, infrared, visible, [measured], registration: registration, outputSize: output);
        Assert.Null(run.Outcome.Reason);
        Assert.Equal(Frames, run.Ledger.Fused);
        return (double)(end - start) / (Frames - 1 - Warm);
    }

    private void Report(string what, double bytes)
    {
        output.WriteLine($"{what}: {bytes:0} bytes a frame");
#if DEBUG
        Assert.Skip("a debug build allocates every asynchronous call; the limit is for release builds");
#endif
        Assert.InRange(bytes, 1, 1023);
    }

    private ListSource Source(int count = Frames) => new(_pool.Pool, Video, count);

    private async Task WriteAsync(string path, FfmpegInstallation ffmpeg)
    {
        await using IFrameSink sink = await VideoSinkAsync(path, ffmpeg);
        await using ListSource source = Source();
        while (await source.ReadAsync(CancellationToken.None) is { } frame)
        {
            using FusedFrame picture = new() { Fused = frame };
            await sink.WriteAsync(picture, CancellationToken.None);
        }
        await sink.CompleteAsync(SinkEnding.Complete);
    }

    private static Task<IFrameSink> VideoSinkAsync(string path, FfmpegInstallation ffmpeg) =>
        FrameSinks.CreateAsync(path, new SinkOptions { Preset = "ultrafast", FrameRate = new RationalTime(25, 1) }, ffmpeg, CancellationToken.None);

    /// <summary>Another sink, with a look at every frame.</summary>
    private sealed class MeasuredSink(IFrameSink inner, Action<int> look) : IFrameSink
    {
        private int _count;

        public string Name => inner.Name;

        public bool NeedsRaw => inner.NeedsRaw;

        public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
        {
            look(_count++);
            return inner.WriteAsync(frame, cancellationToken);
        }

        public ValueTask<string?> CompleteAsync(SinkEnding ending) => inner.CompleteAsync(ending);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
