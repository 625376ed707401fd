using System.Diagnostics;
using System.Globalization;

namespace EmmaStream.EndToEnd.Running;

/// <summary>A video as the real ffprobe and ffmpeg see it: every frame was decoded.</summary>
/// <param name="Frames">Frames that were decoded.</param>
/// <param name="Seconds">Length that the container declares.</param>
/// <param name="FramesPerSecond">Mean rate.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Range">Tagged range.</param>
internal sealed record Played(int Frames, double Seconds, double FramesPerSecond, int Width, int Height, string Range)
{
    /// <summary>Plays a file from its first to its last frame and asserts that the decoder has nothing to say.</summary>
    public static async Task<Played> ToTheEndAsync(string path)
    {
        (int code, string nothing, string errors) = await RunAsync("ffmpeg", "-v", "warning", "-nostdin", "-i", path, "-map", "0:V:0", "-fps_mode", "passthrough", "-f", "null", "-");
        Assert.True(code == 0 && nothing.Length == 0 && errors.Length == 0, $"{path} does not play to its end: {errors}");
        (_, string text, _) = await RunAsync(
            "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0",
            "-show_entries", "stream=nb_read_frames,avg_frame_rate,width,height,color_range:format=duration", "-of", "default=nw=1", path);
        Dictionary<string, string> values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        double[] rate = [.. values["avg_frame_rate"].Split('/').Select(p => double.Parse(p, CultureInfo.InvariantCulture))];
        return new Played(
            int.Parse(values["nb_read_frames"], CultureInfo.InvariantCulture), double.Parse(values["duration"], CultureInfo.InvariantCulture),
            rate[0] / rate[1], int.Parse(values["width"], CultureInfo.InvariantCulture), int.Parse(values["height"], CultureInfo.InvariantCulture), values["color_range"]);
    }

    /// <summary>Runs ffmpeg to make an input; a failure fails the test with its last words.</summary>
    public static async Task MakeAsync(params string[] arguments)
    {
        (int code, _, string errors) = await RunAsync("ffmpeg", ["-v", "error", "-y", "-nostdin", .. arguments]);
        Assert.True(code == 0, $"ffmpeg {string.Join(' ', arguments)}: {errors}");
    }

    /// <summary>Makes a gray picture, like "160x120".</summary>
    public static Task MakePictureAsync(string path, string size) => MakeAsync("-f", "lavfi", "-i", $"color=gray:s={size}:d=0.04", "-frames:v", "1", path);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
