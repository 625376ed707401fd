using System.Runtime.Versioning;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.House;

/// <summary>What eng/setup.sh decides, on machines made of small stand-in programs: a PATH with nothing else in it.</summary>
[SupportedOSPlatform("linux")]
public sealed class SetupScript : IDisposable
{
    private readonly TemporaryFolder _machine = new();

    public SetupScript()
    {
        foreach (string tool in new[] { "dirname", "awk", "grep", "cat" })
            File.CreateSymbolicLink(_machine[tool], Which(tool));
        Program("uname", "echo Linux x86_64");
        Program("dotnet", "exit 0");
        Program("id", "echo 1000");
        Program("df", "echo head; echo /dev/x 9 9 10485760 9% /");
        Program("ldconfig", "echo libgtk-3.so.0 x");
        Program("apt-cache", "[ \"$1\" = policy ] && echo '  Candidate: 1.0' || exit 1");
        Program("apt-get", "exit 9");
        Program("env", "shift; exec \"$@\"");
        Program("ffmpeg", "");
        Program("ffprobe", "");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void With_all_there_it_does_nothing_and_says_nothing() => Assert.Equal((0, ""), Setup());

    [Fact]
    public void A_user_gets_the_one_line_to_run()
    {
        File.Delete(_machine["ffprobe"]);
        Program("ldconfig", "");
        (int code, string output) = Setup();
        Assert.Equal(1, code);
        Assert.StartsWith("sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg libgtk-3-0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newer_name_of_GTK_is_taken_where_there_is_one()
    {
        Program("ldconfig", "");
        Program("apt-cache", "exit 0");
        Assert.Contains("recommends libgtk-3-0t64\n", Setup().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_what_only_tests_need_a_user_may_go_on()
    {
        (int code, string output) = Setup("--tests");
        Assert.Equal(0, code);
        Assert.Contains("without chromium some tests skip", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_installs_without_recommends_and_without_a_fresh_list_where_the_old_one_knows_the_package()
    {
        Root("*) : > \"$here/chromium\"");
        Assert.Equal((0, "setup.sh: installing chromium\n"), Setup("--tests"));
        Assert.Equal("-y -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends chromium\n", Calls);
    }

    [Fact]
    public void A_list_that_does_not_know_the_package_is_refreshed_first()
    {
        Program("apt-cache", "[ \"$1\" = policy ] && echo '  Candidate: (none)' || exit 1");
        Root("*install*) : > \"$here/chromium\"");
        Assert.Equal(0, Setup("--tests").Code);
        Assert.Equal(["update", "chromium"], Calls.TrimEnd().Split('\n').Select(c => c.Split(' ')[^1]));
    }

    [Fact]
    public void An_old_list_is_refreshed_and_the_installation_tried_again()
    {
        Root("*update) : > \"$here/fresh\" ;; *install*) [ -e \"$here/fresh\" ] && : > \"$here/chromium\"");
        Assert.Equal(0, Setup("--tests").Code);
        Assert.Equal(["chromium", "update", "chromium"], Calls.TrimEnd().Split('\n').Select(c => c.Split(' ')[^1]));
    }

    [Theory]
    [InlineData("apt-get", "exit 100", "apt-get update failed")]
    [InlineData("df", "echo head; echo /dev/x 9 9 1048576 9% /", "has 1 GB free and about 6 GB are needed")]
    [InlineData("uname", "echo Linux aarch64", "this is Linux aarch64")]
    [InlineData("dotnet", "exit 1", "no .NET SDK here fits global.json")]
    public void What_is_in_the_way_is_said_in_one_line(string program, string does, string says)
    {
        Program("id", "echo 0");
        Program(program, does);
        (int code, string output) = Setup("--tests");
        Assert.Equal(1, code);
        Assert.Contains(says, output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_SDK_is_said_and_the_bound_of_the_disk_can_be_set()
    {
        Program("df", "echo head; echo /dev/x 9 9 1048576 9% /");
        Assert.Equal(1, Setup().Code);
        Assert.Equal((0, ""), Setup("", ("EMMASTREAM_NEED_GB", "1")));
        File.Delete(_machine["dotnet"]);
        Assert.Contains("the .NET SDK is missing; install dotnet-sdk-10.0", Setup().Output, StringComparison.Ordinal);
    }

    private string Calls => File.ReadAllText(_machine["calls"]);

    private void Root(string aptGetDoes)
    {
        Program("id", "echo 0");
        Program("apt-get", $"here={_machine.FullPath}; echo \"$@\" >> \"$here/calls\"; case \"$*\" in {aptGetDoes} ;; esac");
        File.Delete(_machine["chromium"]);
        // What "apt-get" writes is no program yet: make new files ones.
        Program("env", $"shift; \"$@\"; code=$?; [ ! -e {_machine["chromium"]} ] || {Which("chmod")} +x {_machine["chromium"]}; exit $code");
    }

    private (int Code, string Output) Setup(string option = "", params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> environment = variables.ToDictionary(v => v.Name, v => v.Value);
        environment["PATH"] = _machine.FullPath;
        environment["NUGET_PACKAGES"] = _machine["no-packages-yet"];
        return Script.Run(Repository.PathOf("eng", "setup.sh"), option.Length == 0 ? [] : [option], environment);
    }

    private void Program(string name, string does)
    {
        File.WriteAllText(_machine[name], $"#!/bin/bash\n{does}\n");
        File.SetUnixFileMode(_machine[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Which(string tool) => new[] { "/usr/bin/", "/bin/" }.Select(f => f + tool).First(File.Exists);
}
