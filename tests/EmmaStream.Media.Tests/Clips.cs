using System.Diagnostics;
using System.Globalization;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]   // tests look for children left behind in /proc

namespace EmmaStream.Media.Tests;

/// <summary>Makes clips with the real ffmpeg and asks the real ffprobe about them.</summary>
internal static class Clips
{
    /// <summary>Runs ffmpeg; a failure fails the test with its last words.</summary>
    public static Task MakeAsync(params string[] arguments) => RunAsync("ffmpeg", ["-v", "error", "-y", "-nostdin", .. arguments]);

    /// <summary>A moving picture of synthetic colours.</summary>
    public static Task MakeMovingAsync(string path, string size = "64x48", int rate = 25, int frames = 20, params string[] encoding) =>
        MakeAsync(["-f", "lavfi", "-i", $"testsrc2=s={size}:r={rate}:d=1000", "-frames:v", $"{frames}", .. encoding, path]);

    /// <summary>PTS of every frame in order of display, in seconds, as ffprobe decodes them.</summary>
    public static async Task<double[]> FrameTimesAsync(string path)
    {
        string text = await RunAsync("ffprobe", ["-v", "error", "-select_streams", "V:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path]);
        return [.. text.Split((char[])['\n', ','], StringSplitOptions.RemoveEmptyEntries).Where(t => char.IsDigit(t[0]) || t[0] == '-').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
    }

    /// <summary>Entries of the first video stream, name=value, separated by |.</summary>
    public static async Task<Dictionary<string, string>> StreamAsync(string path, string entries)
    {
        string text = await RunAsync("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "default=nw=1", path]);
        Dictionary<string, string> result = [];
        foreach (string[] parts in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)))
            result.TryAdd(parts[0], parts[1]);
        return result;
    }

    /// <summary>Raw bytes of the decoded frames as ffmpeg gives them.</summary>
    public static async Task<byte[]> DecodeAsync(string path, string filter)
    {
        using MemoryStream bytes = new();
        using Process process = Start("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-map", "0:V:0", "-vf", filter, "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"]);
        await process.StandardOutput.BaseStream.CopyToAsync(bytes);
        await process.WaitForExitAsync();
        return bytes.ToArray();
    }

    /// <summary>Process ids of our children, dead ones that were not waited for included.</summary>
    public static IReadOnlyList<int> Children()
    {
        List<int> children = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id))
                continue;
            try
            {
                string stat = File.ReadAllText($"/proc/{id}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
                    children.Add(id);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        return children;
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return output;
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
