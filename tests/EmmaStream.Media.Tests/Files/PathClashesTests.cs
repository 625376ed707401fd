using EmmaStream.Core.Faults;
using EmmaStream.Media.Files;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Files;

public sealed class PathClashesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PathClashesTests()
    {
        Directory.CreateDirectory(_folder["ir/deep"]);
        Directory.CreateDirectory(_folder["html/images"]);
        foreach (string name in new[] { "vi.mp4", "ir/1.png", "ir/deep/2.PNG", "ir/notes.txt", "old.json" })
            File.WriteAllText(_folder[name], name);
        File.CreateSymbolicLink(_folder["link.mp4"], "vi.mp4");
        Directory.CreateSymbolicLink(_folder["here"], ".");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vi.mp4", "vi.mp4", "is the input")]
    [InlineData("link.mp4", "vi.mp4", "is the input")]
    [InlineData("vi.mp4", "here/link.mp4", "is the input")]
    [InlineData("ir", "here/ir/1.png", "is a picture of the input")]
    [InlineData("ir", "ir/deep/2.PNG", "is a picture of the input")]
    [InlineData("html/images", "html", "holds the input")]
    [InlineData("here/html/images/1.png", "html/", "holds the input")]
    public void An_output_does_not_replace_an_input(string input, string output, string words)
    {
        Fault fault = Assert.Throws<Fault>(() => PathClashes.Refuse([new("--vi", _folder["other"]), new("--ir", _folder[input])], [new("--csv", _folder["new.csv"]), new("--report", _folder[output])]));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.StartsWith($"{_folder[output]}: {words}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--ir", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--report", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--csv", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new.mp4", "here/new.mp4", "twice")]
    [InlineData("old.json", "here/here/old.json", "twice")]
    [InlineData("out/", "out", "twice")]
    [InlineData("html", "here/html/r.json", "--b lies in the folder of --a")]
    [InlineData("new/r.json", "new", "--a lies in the folder of --b")]
    public void An_output_does_not_replace_another(string a, string b, string words)
        => Assert.Contains(words, Assert.Throws<Fault>(() => PathClashes.Refuse([], [new("--a", _folder[a]), new("--b", _folder[b])])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ir", "ir/notes.txt")]   // not read: the user's to replace
    [InlineData("ir", "ir/3.png")]
    [InlineData("vi.mp4", "old.json")]
    [InlineData("vi.mp4", "vi.mp4.json")]
    public void Whatever_is_not_read_may_be_replaced(string input, string output)
        => PathClashes.Refuse([new("--ir", _folder[input])], [new("--report", _folder[output]), new("-o", "null"), new("--also", "null")]);

    [Fact]
    public void All_clashes_are_told_at_once()
    {
        Fault fault = Assert.Throws<Fault>(() => PathClashes.Refuse(
            [new("--ir", _folder["ir"]), new("--vi", _folder["vi.mp4"])], [new("-o", _folder["vi.mp4"]), new("--report", _folder["x"]), new("--csv", _folder["x"])]));
        Assert.Contains("twice", fault.Message, StringComparison.Ordinal);
        Assert.Contains("is the input", fault.Message, StringComparison.Ordinal);
    }
}
