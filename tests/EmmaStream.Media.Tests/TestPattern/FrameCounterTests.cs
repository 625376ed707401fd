using System.Diagnostics;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.TestPattern;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Media.Tests.TestPattern;

public sealed class FrameCounterTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    public void Dispose() => _leaks.Dispose();

    [Theory]
    [InlineData(PixelFormat.Gray8, ColorRange.Full, 640, 480)]
    [InlineData(PixelFormat.Gray8, ColorRange.Limited, 161, 121)]
    [InlineData(PixelFormat.Gray16, ColorRange.Full, 320, 240)]
    [InlineData(PixelFormat.GrayF32, ColorRange.Full, 333, 201)]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Limited, 1281, 721)]
    [InlineData(PixelFormat.Nv12, ColorRange.Limited, 320, 240)]
    [InlineData(PixelFormat.Bgr24, ColorRange.Full, 320, 240)]
    public void Every_number_is_read_back_in_every_format(PixelFormat pixels, ColorRange range, int width, int height)
    {
        using Frame frame = Some.Frame(_leaks.Pool, value: 90, width: width, height: height, pixels: pixels, range: range);
        foreach (long number in (long[])[0, 1, 2, 255, 256, 65535, 1_234_567, FrameCounter.Modulus - 1, FrameCounter.Modulus + 5])
        {
            foreach (CounterCorner corner in Enum.GetValues<CounterCorner>())
            {
                FrameCounter.Burn(frame, corner, number);
                Assert.True(FrameCounter.TryRead(frame, corner, out long read), $"{number} at {corner}");
                Assert.Equal(number % FrameCounter.Modulus, read);
            }
        }
    }

    [Fact]
    public void Pictures_without_a_mark_give_no_number()
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 640, height: 480);
        Assert.False(FrameCounter.TryRead(frame, CounterCorner.UpperRight, out _));
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(frame.WritableBytes);
            Assert.False(FrameCounter.TryRead(frame, CounterCorner.LowerLeft, out _));
        }
    }

    [Fact]
    public void A_single_wrong_cell_is_noticed()
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 640, height: 480);
        FrameCounter.Burn(frame, CounterCorner.LowerLeft, 77);
        // The last row's first cell: a bit of the CRC.
        int x = 9 + 2, y = 480 - 9 - 4;
        using (Mat plane = FrameMats.WritableView(frame))
        using (Mat cell = new(plane, new Rect(x - 2, y - 2, 6, 6)))
            Cv2.BitwiseNot(cell, cell);
        Assert.False(FrameCounter.TryRead(frame, CounterCorner.LowerLeft, out _));
    }

    [Fact]
    public void Both_numbers_are_read_from_the_average_and_the_maximum_of_the_views()
    {
        TestPatternOptions options = new() { Frames = 40, VisibleRate = new(25, 1), InfraredRate = new(5, 1) };
        using VisibleView visibleView = new(options);
        using InfraredView infraredView = new(options);
        using Frame visible = _leaks.Pool.Rent(visibleView.Format, default), infrared = _leaks.Pool.Rent(infraredView.Format, default);
        visibleView.Paint(visible, 35, 1.4);
        infraredView.Paint(infrared, 7, 1.4);
        using Frame fused = Some.Frame(_leaks.Pool, width: 640, height: 480);
        using Mat a = FrameMats.View(visible), b = FrameMats.View(infrared), to = FrameMats.WritableView(fused);
        Cv2.AddWeighted(a, 0.5, b, 0.5, 0, to);
        AssertBoth();
        Cv2.Max(a, b, to);
        AssertBoth();

        void AssertBoth()
        {
            Assert.True(FrameCounter.TryRead(fused, CounterCorner.UpperRight, out long first));
            Assert.True(FrameCounter.TryRead(fused, CounterCorner.LowerLeft, out long second));
            Assert.Equal((35, 7), (first, second));
        }
    }

    [Theory]
    [InlineData(StreamRole.Visible, 640, 480, 1)]
    [InlineData(StreamRole.Visible, 640, 480, 2)]
    [InlineData(StreamRole.Infrared, 640, 480, 2)]
    [InlineData(StreamRole.Infrared, 320, 240, 1)]
    [InlineData(StreamRole.Visible, 1280, 720, 2)]
    public async Task Numbers_survive_h264_at_crf_28_and_halving(StreamRole role, int width, int height, int divisor)
    {
        const int frames = 30;
        TestPatternOptions options = new() { VisibleSize = new(width, height), InfraredSize = new(width, height), Frames = frames };
        await using TestPatternSource source = new(role, options, _leaks.Pool);
        using TemporaryFolder folder = new();
        string raw = folder["raw"], encoded = folder["encoded.mp4"], decoded = folder["decoded"];
        await using (FileStream file = File.Create(raw))
        {
            while (await source.ReadAsync(TestContext.Current.CancellationToken) is { } frame)
            {
                using (frame)
                    file.Write(frame.Bytes);
            }
        }
        string pixels = role == StreamRole.Visible ? "yuv420p" : "gray";
        await FfmpegAsync("-f", "rawvideo", "-pix_fmt", pixels, "-s", $"{width}x{height}", "-r", "25", "-i", raw, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-crf", "28", encoded);
        await FfmpegAsync("-i", encoded, "-vf", $"scale={width / divisor}:{height / divisor}", "-f", "rawvideo", "-pix_fmt", "yuv420p", decoded);
        using Frame back = Some.Frame(_leaks.Pool, width: width / divisor, height: height / divisor, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited);
        byte[] bytes = File.ReadAllBytes(decoded);
        Assert.Equal(frames, bytes.Length / back.Format.ByteSize);
        for (int i = 0; i < frames; i++)
        {
            bytes.AsSpan(i * back.Format.ByteSize, back.Format.ByteSize).CopyTo(back.WritableBytes);
            Assert.True(FrameCounter.TryRead(back, role == StreamRole.Visible ? CounterCorner.UpperRight : CounterCorner.LowerLeft, out long number), $"frame {i}");
            Assert.Equal(i, number);
        }
    }

    private static async Task FfmpegAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
    }
}
