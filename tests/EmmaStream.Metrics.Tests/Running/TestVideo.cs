using System.Diagnostics;
using EmmaStream.Metrics.Planes;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests.Running;

/// <summary>Lossless videos made by the machine's ffmpeg; tests skip by name where it is absent.</summary>
internal static class TestVideo
{
    /// <summary>Gray planes as ffv1; with <paramref name="limited"/> as yuv420p, tagged limited range.</summary>
    public static async Task MakeAsync(string path, IEnumerable<GrayPlane> planes, bool limited = false, int framesPerSecond = 25)
    {
        using TemporaryFolder pictures = new();
        int count = 0;
        foreach (GrayPlane plane in planes)
            TestPlanes.Save(plane, pictures[$"{count++:000}.png"]);
        string[] format = limited
            ? ["-vf", "scale=in_range=full:out_range=limited", "-pix_fmt", "yuv420p", "-color_range", "tv"]
            : ["-pix_fmt", "gray"];
        await RunAsync(["-v", "error", "-framerate", $"{framesPerSecond}", "-i", pictures["%03d.png"], .. format, "-c:v", "ffv1", path]);
    }

    private static async Task RunAsync(string[] arguments)
    {
        bool exists = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")));
        Assert.SkipUnless(exists, "ffmpeg is absent");
        using Process process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
