using System.Globalization;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Probing;

namespace EmmaStream.Media.Sources;

/// <summary>The ffmpeg command that decodes a file to NUT with every frame's own PTS.</summary>
internal static class VideoFileArguments
{
    /// <summary>Makes the arguments.</summary>
    /// <param name="video">The file.</param>
    /// <param name="options">What part of it.</param>
    public static IReadOnlyList<string> For(ProbedVideo video, SourceOptions options)
    {
        List<string> arguments = ["-v", "error", "-nostdin", "-nostats"];
        if (options.Start > TimeSpan.Zero)
        {
            // ffmpeg seeks from the start of the container, which may be another stream's.
            TimeSpan lead = video.Start - video.ContainerStart;
            arguments.AddRange(["-ss", Seconds(options.Start + (lead > TimeSpan.Zero ? lead : TimeSpan.Zero))]);
        }
        if (options.Duration is { } duration)
            arguments.AddRange(["-t", Seconds(duration)]);
        arguments.AddRange(["-i", "file:" + Path.GetFullPath(video.Path), "-map", "0:V:0", "-an", "-sn", "-dn"]);
        // Without these ffmpeg rounds PTS to a guessed rate, doubles and drops frames, and begins at 0.
        arguments.AddRange(["-copyts", "-fps_mode", "passthrough", "-enc_time_base", "1/90000"]);
        arguments.AddRange(["-vf", Filter(video, options), "-c:v", "rawvideo", "-f", "nut", "-write_index", "0", "pipe:1"]);
        return arguments;
    }

    /// <summary>The format that the child delivers.</summary>
    public static PixelFormat PixelsOf(ProbedVideo video, SourceOptions options) =>
        options.LumaOnly && video.Samples.Pixels == PixelFormat.Yuv420P ? PixelFormat.Gray8 : video.Samples.Pixels;

    // Equal ranges on both sides of `scale`: no conversion may squeeze or stretch the luma, whatever it does to layout or depth.
    private static string Filter(ProbedVideo video, SourceOptions options)
    {
        string range = video.Range == ColorRange.Full ? "pc" : "tv";
        string scale = $"scale=in_range={range}:out_range={range}";
        if (video.Samples.Kind == SampleKind.Rgb)
            scale += $":out_color_matrix={(video.Matrix == ColorMatrix.Bt709 ? "bt709" : "bt601")}:flags=bicubic+accurate_rnd+full_chroma_int";
        string format = video.Samples.Pixels switch
        {
            PixelFormat.Gray8 => "gray",
            PixelFormat.Gray16 => "gray16le",
            _ => "yuv420p|yuvj420p",
        };
        string crop = options.Half switch
        {
            PictureHalf.Left => ",crop=floor(iw/2):ih:0:0",
            PictureHalf.Right => ",crop=floor(iw/2):ih:floor(iw/2):0",
            _ => "",
        };
        // Not format=gray, which would stretch limited range.
        string luma = PixelsOf(video, options) != video.Samples.Pixels ? ",extractplanes=y" : "";
        return $"{scale},format={format}{crop}{luma}";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);
}
