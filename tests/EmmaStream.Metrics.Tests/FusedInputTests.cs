using EmmaStream.Core.Faults;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests;

public sealed class FusedInputTests
{
    [Theory]
    [InlineData("out/emma", "emma", "out/emma")]
    [InlineData("out/emma.mp4", "emma", "out/emma.mp4")]
    [InlineData("EMMA v2=out/x", "EMMA v2", "out/x")]
    [InlineData("out/a=b", "a=b", "out/a=b")]
    [InlineData(".", ".", ".")]
    public void A_method_is_named_by_its_path_or_by_the_user(string text, string method, string path) =>
        Assert.Equal(new FusedInput(method, path), FusedInput.Parse(text));

    [Fact]
    public void A_folder_with_a_dot_keeps_its_whole_name()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["emma.v2"]);
        Assert.Equal("emma.v2", FusedInput.Parse(folder["emma.v2/"]).Method);
    }

    [Theory]
    [InlineData("emma=", "no path")]
    [InlineData("", "no path")]
    [InlineData("=", "no path")]
    [InlineData("=out", "no name before =")]
    [InlineData("a/b=FOLDER", "'a/b' has a / in it")]
    public void What_is_no_name_or_no_path_is_refused_by_name(string text, string cause)
    {
        using TemporaryFolder folder = new();
        Fault fault = Assert.Throws<Fault>(() => FusedInput.Parse(text.Replace("FOLDER", folder.FullPath, StringComparison.Ordinal)));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains(cause, fault.Message, StringComparison.Ordinal);
    }
}
