using EmmaStream.Core.Faults;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Ffmpeg;

public sealed class FfmpegInstallationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_installed_ffmpeg_is_found_and_asked()
    {
        FfmpegFacts facts = await new FfmpegInstallation(TimeProvider.System).ProbeAsync(default);

        Assert.True(File.Exists(facts.Ffmpeg) && File.Exists(facts.Ffprobe));
        Assert.Contains("libx264", facts.Encoders);
        Assert.Contains("rtp", facts.InputProtocols);
        Assert.Contains("file", facts.InputProtocols);
    }

    [Fact]
    public async Task Without_ffmpeg_on_the_path_the_fault_says_how_to_install_it()
    {
        Link("setsid", "setpriv");
        Fault fault = await ProbeFaultAsync();
        Assert.Equal("ffmpeg is not installed: it is in no folder of PATH. Install it with: apt-get install ffmpeg", fault.Message);
    }

    [Fact]
    public async Task Without_ffprobe_too()
    {
        Link("setsid", "setpriv", "ffmpeg");
        Assert.StartsWith("ffprobe is not installed", (await ProbeFaultAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ffmpeg version 4.0 Copyright (c) 2000-2018", "4.0")]
    [InlineData("ffmpeg version 5.0.1-3 Copyright", "5.0.1-3")]
    [InlineData("ffmpeg version N-100000-g0123456789\\nlibavcodec     58. 91.100 / 58. 91.100", "N-100000-g0123456789")]
    public async Task An_ffmpeg_that_is_too_old_is_refused(string text, string version)
    {
        Link("setsid", "setpriv", "ffprobe");
        Script("ffmpeg", $"printf '{text}\\n'");
        Fault fault = await ProbeFaultAsync();
        Assert.Equal($"ffmpeg {version} at {_folder["ffmpeg"]} is too old: 5.1 or newer is needed. Install it with: apt-get install ffmpeg", fault.Message);
    }

    [Theory]
    [InlineData("ffmpeg version n7.1 Copyright")]
    [InlineData("ffmpeg version 10.0-static Copyright")]
    [InlineData("ffmpeg version N-109741-gbbe95f7353-20230201\\nlibavcodec     59. 60.100 / 59. 60.100")]
    public async Task Newer_ones_and_git_builds_are_taken(string text)
    {
        Link("setsid", "setpriv", "ffprobe");
        Script("ffmpeg", $"if [ \"$1\" = -version ]; then printf '{text}\\n'; else printf ' V....D libx264    x\\n'; fi");
        FfmpegFacts facts = await Installation().ProbeAsync(default);
        Assert.Equal(["libx264"], facts.Encoders);
    }

    [Fact]
    public async Task An_ffmpeg_without_x264_or_one_that_does_not_run_is_refused()
    {
        Link("setsid", "setpriv", "ffprobe");
        Script("ffmpeg", "echo 'ffmpeg version 6.0'");
        Assert.Contains("without the encoder libx264", (await ProbeFaultAsync()).Message, StringComparison.Ordinal);

        Script("ffmpeg", "echo 'libfoo.so.1: cannot open shared object file' >&2; exit 127");
        Assert.Contains("does not run: libfoo.so.1: cannot open shared object file", (await ProbeFaultAsync()).Message, StringComparison.Ordinal);
    }

    private FfmpegInstallation Installation() => new(TimeProvider.System, _folder.FullPath);

    private async Task<Fault> ProbeFaultAsync()
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => Installation().ProbeAsync(default));
        Assert.Equal(FaultKind.Environment, fault.Kind);
        return fault;
    }

    private void Link(params string[] programs)
    {
        foreach (string program in programs)
            File.CreateSymbolicLink(_folder[program], Path.Combine("/usr/bin", program));
    }

    private void Script(string name, string body)
    {
        File.Copy("/usr/bin/setsid", _folder[name], overwrite: true);   // for its mode
        File.WriteAllText(_folder[name], $"#!/bin/sh\n{body}\n");
    }
}
