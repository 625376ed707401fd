using System.Text.RegularExpressions;
using EmmaStream.Core.Faults;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>
/// The ffmpeg and ffprobe of this machine: found on the search path and asked once for version, encoders and protocols, when first
/// needed. Safe for use by many threads. Every child process of ours is started through it.
/// </summary>
/// <param name="clock">For the time limits of children.</param>
/// <param name="searchPath">Folders separated by colons; null: the PATH of this process.</param>
public sealed partial class FfmpegInstallation(TimeProvider clock, string? searchPath = null)
{
    private const string Cure = "Install it with: apt-get install ffmpeg";
    private const int TextLimit = 1 << 20;
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(20);

    // `-fps_mode` and the NUT details that we rely on are there from 5.1 on.
    private static readonly Version OldestRelease = new(5, 1);
    private static readonly Version OldestLibavcodec = new(59, 37);

    private readonly string _searchPath = searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "";
    private readonly Lock _gate = new();
    private Task<(FfmpegFacts Facts, ChildLauncher Launcher)>? _asked;

    internal TimeProvider Clock { get; } = clock;

    /// <summary>What this machine's ffmpeg is and can do.</summary>
    /// <exception cref="Fault">ffmpeg, ffprobe or libx264 is missing, or ffmpeg is older than 5.1.</exception>
    public async Task<FfmpegFacts> ProbeAsync(CancellationToken cancellationToken) => (await AskedAsync(cancellationToken).ConfigureAwait(false)).Facts;

    /// <summary>Starts an ffmpeg child.</summary>
    /// <exception cref="Fault">As <see cref="ProbeAsync"/>.</exception>
    internal async Task<FfmpegProcess> StartAsync(IReadOnlyList<string> arguments, ChildPipes pipes, CancellationToken cancellationToken)
    {
        (FfmpegFacts facts, ChildLauncher launcher) = await AskedAsync(cancellationToken).ConfigureAwait(false);
        return await FfmpegProcess.StartAsync(new ChildCommand(launcher, facts.Ffmpeg, arguments, pipes), Clock).ConfigureAwait(false);
    }

    private Task<(FfmpegFacts Facts, ChildLauncher Launcher)> AskedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return (_asked ??= AskAsync()).WaitAsync(cancellationToken);
    }

    private async Task<(FfmpegFacts, ChildLauncher)> AskAsync()
    {
        ChildLauncher launcher = new(Find("setsid", "apt-get install util-linux"), Find("setpriv", "apt-get install util-linux"));
        string ffmpeg = Find("ffmpeg", "apt-get install ffmpeg");
        string ffprobe = Find("ffprobe", "apt-get install ffmpeg");
        string version = CheckVersion(ffmpeg, await AskAsync(launcher, ffmpeg, "-version").ConfigureAwait(false));
        string encoders = await AskAsync(launcher, ffmpeg, "-hide_banner", "-encoders").ConfigureAwait(false);
        string protocols = await AskAsync(launcher, ffmpeg, "-hide_banner", "-protocols").ConfigureAwait(false);
        FfmpegFacts facts = new(ffmpeg, ffprobe, version, VideoEncoders(encoders), InputProtocols(protocols));
        if (!facts.Encoders.Contains("libx264"))
            throw Fault.Environment($"{ffmpeg} was built without the encoder libx264. {Cure}");
        return (facts, launcher);
    }

    private string Find(string program, string cure)
    {
        foreach (string folder in _searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.GetFullPath(Path.Combine(folder, program));
            if (File.Exists(path) && Libc.IsExecutable(path))
                return path;
        }
        throw Fault.Environment($"{program} is not installed: it is in no folder of PATH. Install it with: {cure}");
    }

    private async Task<string> AskAsync(ChildLauncher launcher, string ffmpeg, params string[] question)
    {
        ChildCommand command = new(launcher, ffmpeg, question, ChildPipes.Output);
        (ChildExit exit, string text) = await FfmpegProcess.RunAsync(command, TextLimit, AskLimit, Clock, CancellationToken.None).ConfigureAwait(false);
        return exit.Succeeded ? text : throw Fault.Environment($"{ffmpeg} does not run: {exit.Cause}. {Cure}");
    }

    private static string CheckVersion(string ffmpeg, string text)
    {
        Match named = NamedVersion().Match(text);
        if (!named.Success)
            throw Fault.Environment($"{ffmpeg} does not say its version. {Cure}");
        string version = named.Groups[1].Value;
        Match release = Release().Match(version);
        Match library = Libavcodec().Match(text);
        bool isOld = release.Success
            ? Version.Parse(release.Groups[1].Value) < OldestRelease
            : !library.Success || new Version(int.Parse(library.Groups[1].ValueSpan), int.Parse(library.Groups[2].ValueSpan)) < OldestLibavcodec;
        return isOld ? throw Fault.Environment($"ffmpeg {version} at {ffmpeg} is too old: {OldestRelease} or newer is needed. {Cure}") : version;
    }

    private static HashSet<string> VideoEncoders(string text) => [.. VideoEncoder().Matches(text).Select(m => m.Groups[1].Value)];

    private static HashSet<string> InputProtocols(string text)
    {
        int start = text.IndexOf("Input:", StringComparison.Ordinal), end = text.IndexOf("Output:", StringComparison.Ordinal);
        return start < 0 || end < start
            ? []
            : [.. text[(start + "Input:".Length)..end].Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    [GeneratedRegex(@"^ffmpeg version (\S+)")]
    private static partial Regex NamedVersion();

    [GeneratedRegex(@"^n?(\d{1,4}\.\d{1,4})")]
    private static partial Regex Release();

    [GeneratedRegex(@"libavcodec\s+(\d{1,4})\.\s*(\d{1,4})")]
    private static partial Regex Libavcodec();

    [GeneratedRegex(@"^ V\S{5} (\S+)", RegexOptions.Multiline)]
    private static partial Regex VideoEncoder();
}
