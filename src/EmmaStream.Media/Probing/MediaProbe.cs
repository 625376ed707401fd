using System.Globalization;
using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using FFMpegCore;
using FFMpegCore.Exceptions;

namespace EmmaStream.Media.Probing;

/// <summary>Asks ffprobe, through FFMpegCore, what a finite video file holds. Live inputs are never probed apart: that would take a second connection.</summary>
public static class MediaProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), StopLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads what <paramref name="path"/> says of its first video stream; cover pictures do not count.</summary>
    /// <exception cref="Fault">The file is missing, empty, unreadable, not a video, or has no video stream.</exception>
    public static async Task<ProbedVideo> ReadAsync(string path, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        FfmpegFacts facts = await ffmpeg.ProbeAsync(cancellationToken).ConfigureAwait(false);
        using FileStream file = OpenForReading(path);
        FFProbeAnalysis analysis = await AnalyseAsync(path, file, facts, ffmpeg.Clock, cancellationToken).ConfigureAwait(false);
        FFProbeStream video = analysis.Streams.FirstOrDefault(IsVideo) ?? throw NoVideo(path, analysis.Streams);
        return Describe(path, analysis.Format, video) with { HasAudio = analysis.Streams.Any(s => s.CodecType == "audio") };
    }

    private static FileStream OpenForReading(string path)
    {
        if (Directory.Exists(path))
            throw Fault.Input($"{path}: is a folder, not a video. Give a video file");
        if (FileKind.IsDeviceOrPipe(path))   // opening a pipe would wait for a writer
            throw Fault.Input($"{path}: is a pipe or a device, and a video is read more than once. Give a file");
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > 0)
                return file;
            file.Dispose();
            throw Fault.Input($"{path}: the file is empty (0 bytes). Record or copy it again");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault.Input($"{path}: no such file. Check the path", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Fault.Input($"{path}: cannot be read ({e.Message.TrimEnd('.')}). Check its permissions", e);
        }
    }

    private static async Task<FFProbeAnalysis> AnalyseAsync(
        string path, FileStream file, FfmpegFacts facts, TimeProvider clock, CancellationToken cancellationToken)
    {
        FFOptions options = new() { BinaryFolder = Path.GetDirectoryName(facts.Ffprobe)!, UseCache = false };
        using CancellationTokenSource limit = new(Limit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            IMediaAnalysis analysis = await FFProbe.AnalyseAsync(Quotable(path, file), options, null, either.Token).ConfigureAwait(false);
            return analysis.Raw;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault.Input($"{path}: ffprobe did not answer within {Limit.TotalSeconds:0} s. Check the disk or network that it lies on", e);
        }
        catch (Exception e) when (e is FFMpegException or FFProbeException or JsonException)
        {
            // A terminal's Ctrl-C ends ffprobe too, perhaps a moment before we are told.
            await Task.Delay(StopLimit, clock, cancellationToken).ConfigureAwait(false);
            throw NotAVideo(path, e is FFProbeProcessException probe ? CauseOf(probe.StandardError) : e.Message, e);
        }
    }

    // FFMpegCore builds one command line and does not escape quotes; such a file goes by its open handle.
    private static string Quotable(string path, FileStream file)
    {
        string full = Path.GetFullPath(path);
        bool isPlain = !full.Any(c => c is '"' or '\\' || char.IsControl(c));
        return isPlain ? full : $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}";
    }

    private static bool IsVideo(FFProbeStream stream) =>
        stream is { CodecType: "video", Width: > 0, Height: > 0 } && !(stream.Disposition?.GetValueOrDefault("attached_pic") > 0);

    private static ProbedVideo Describe(string path, FFProbeFormat format, FFProbeStream video)
    {
        if (format.FormatName is "tty")   // any text file passes as an animation of it
            throw NotAVideo(path, "it is a text file");
        SampleFormat samples = SampleFormat.Parse(video.PixelFormat ?? throw NotAVideo(path, $"its codec {video.CodecName} is not known"));
        RationalTime rate = RateOf(video.AvgFrameRate) is { IsValid: true } mean ? mean : RateOf(video.FrameRate);
        Timestamp start = StartOf(video, format);
        TimeSpan? duration = TimeOf(video.Duration) ?? TimeOf(video.Tags?.GetValueOrDefault("DURATION")) ?? TimeOf(format.Duration);
        FrameSize size = new(video.Width!.Value, video.Height!.Value);
        return new ProbedVideo(
            path, format.FormatName ?? "?", video.CodecName ?? "?", samples, size, RotationOf(video), rate,
            start, TimeOf(format.StartTime) is { } first ? new Timestamp(first.Ticks * 100) : start, duration,
            video.ColorRange switch { "pc" => ColorRange.Full, "tv" => ColorRange.Limited, _ => samples.UntaggedRange },
            MatrixOf(video.ColorSpace, size), CountOf(video, duration, rate));
    }

    private static ColorMatrix MatrixOf(string? tag, FrameSize size) => tag switch
    {
        "bt709" => ColorMatrix.Bt709,
        "smpte170m" or "bt470bg" => ColorMatrix.Bt601,
        _ => size.Height < 720 ? ColorMatrix.Bt601 : ColorMatrix.Bt709,
    };

    private static int RotationOf(FFProbeStream video)
    {
        foreach (IReadOnlyDictionary<string, System.Text.Json.Nodes.JsonValue> side in video.SideData ?? [])
        {
            if (side.TryGetValue("rotation", out System.Text.Json.Nodes.JsonValue? value) && value.TryGetValue(out int degrees))
                return degrees;
        }
        return 0;
    }

    private static long? CountOf(FFProbeStream video, TimeSpan? duration, RationalTime rate)
    {
        if (ExtraText(video, "nb_frames") is { } text && long.TryParse(text, out long counted) && counted > 0)
            return counted;
        return duration is { } length && rate.IsValid ? (long)Math.Round(length.TotalSeconds * rate.Value) : null;
    }

    // Exact from the stream's own ticks where there are any; the printed seconds are cut to a microsecond.
    private static Timestamp StartOf(FFProbeStream video, FFProbeFormat format)
    {
        if (ExtraText(video, "start_pts") is { } ticks && long.TryParse(ticks, out long pts) && RateOf(ExtraText(video, "time_base")) is { IsValid: true } timeBase)
            return timeBase.ToTimestamp(pts);
        return new Timestamp((TimeOf(video.StartTime) ?? TimeOf(format.StartTime) ?? TimeSpan.Zero).Ticks * 100);
    }

    private static string? ExtraText(FFProbeStream video, string name) =>
        video.ExtensionData is { } data && data.TryGetValue(name, out JsonElement value) ? value.ToString() : null;

    private static RationalTime RateOf(string? text)
    {
        string[] parts = text?.Split('/') ?? [];
        return parts.Length == 2 && long.TryParse(parts[0], out long numerator) && long.TryParse(parts[1], out long denominator)
            ? new RationalTime(numerator, denominator)
            : default;
    }

    // "0:01:40.250000", "-0:00:02.500000", "100.25", and nine decimals in Matroska's tag.
    private static TimeSpan? TimeOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        bool isNegative = text[0] == '-';
        decimal seconds = 0;
        foreach (string part in text.TrimStart('-').Split(':'))
        {
            if (!decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) || value > 1e9m || seconds > 1e7m)
                return null;
            seconds = seconds * 60 + value;
        }
        TimeSpan time = new((long)(seconds * TimeSpan.TicksPerSecond));
        return isNegative ? -time : time;
    }

    private static Fault NoVideo(string path, IReadOnlyList<FFProbeStream> streams)
    {
        IEnumerable<string> kinds = streams.GroupBy(s => s.CodecType == "video" ? "cover picture" : s.CodecType ?? "unknown")
            .Select(g => $"{g.Count()} {g.Key} stream{(g.Count() == 1 ? "" : "s")}");
        string found = streams.Count == 0 ? "no stream at all" : string.Join(", ", kinds);
        return Fault.Input($"{path}: no video stream ({found} found). Give a file with video");
    }

    private static Fault NotAVideo(string path, string cause, Exception? inner = null) =>
        Fault.Input($"{path}: not a video that ffmpeg can read ({cause}). Check that the file is complete and that it is a video", inner);

    // ffprobe's lines name the demuxer and the file; the cause is what follows.
    private static string CauseOf(IReadOnlyList<string> stderr)
    {
        IEnumerable<string> causes = stderr.Where(l => l.Length > 0).Select(l => l[(l.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and int at ? at + 2 : 0)..])
            .Select(l => l[(l.StartsWith('[') && l.IndexOf(']') is > 0 and int end ? end + 1 : 0)..].Trim());
        return string.Join("; ", causes.Distinct().TakeLast(2)) is { Length: > 0 } text ? StderrTail.Mask(text) : "ffprobe gave no cause";
    }
}
