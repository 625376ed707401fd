using System.Diagnostics;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Testing;

namespace EmmaStream.Core.Tests.Files;

public sealed class CompleteFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_and_an_older_one_is_replaced_whole()
    {
        CompleteFile.WriteText(_folder["r.json"], "old");
        CompleteFile.Write(_folder["r.json"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old\n", File.ReadAllText(_folder["r.json"]));
        });
        Assert.Equal("new", File.ReadAllText(_folder["r.json"]));
        Assert.Equal(["r.json"], _folder.Names);
    }

    [Fact]
    public void Files_of_the_user_with_names_like_ours_are_left_alone()
    {
        foreach (string name in new[] { "r.json.partial", "r.partial.json", ".r.json.tmp" })
            File.WriteAllText(_folder[name], "mine");
        CompleteFile.Require(_folder["r.json"]);
        CompleteFile.WriteText(_folder["r.json"], "report");
        Assert.Equal(4, _folder.Names.Count);
        Assert.All(_folder.Names.Where(n => n != "r.json"), n => Assert.Equal("mine", File.ReadAllText(_folder[n])));
    }

    [Theory]
    [InlineData("none/r.json", "there is no folder")]
    [InlineData("folder", "is a folder")]
    [InlineData("file/r.json", "is a file, no folder")]
    public void A_place_that_cannot_be_written_is_told_before_and_leaves_nothing(string name, string cause)
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["file"], "");
        Fault fault = Assert.Throws<Fault>(() => CompleteFile.Require(_folder[name]));
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.StartsWith(_folder[name], fault.Message, StringComparison.Ordinal);
        Assert.Contains(cause, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partial-", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["file", "folder"], _folder.Names);
    }

    [Fact]
    public void A_place_that_can_be_written_is_as_it_was_after_the_trial()
    {
        CompleteFile.Require(_folder["r.json"]);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_write_that_fails_is_told_in_the_users_words_and_leaves_the_older_file_alone()
    {
        CompleteFile.WriteText(_folder["r.json"], "old");
        Fault fault = Assert.Throws<Fault>(() => CompleteFile.Write(_folder["r.json"], stream =>
        {
            stream.Write(new byte[100]);
            throw new IOException($"No space left on device : '{((FileStream)stream).Name}'");
        }));
        Assert.Equal($"{_folder["r.json"]}: cannot be written (No space left on device : '{_folder["r.json"]}'). Check permissions and free space, or write elsewhere", fault.Message);
        Assert.Equal("old\n", File.ReadAllText(_folder["r.json"]));
        Assert.Equal(["r.json"], _folder.Names);
    }

    [Fact]
    public void What_writes_may_throw_its_own_and_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => CompleteFile.Write(_folder["r.json"], _ => throw new InvalidOperationException("ours")));
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData(251, "a")]
    [InlineData(124, "ä")]
    [InlineData(62, "🔥")]
    public void The_longest_names_have_room(int count, string letter)
    {
        string name = string.Concat(Enumerable.Repeat(letter, count)) + ".csv";
        CompleteFile.Require(_folder[name]);
        CompleteFile.WriteText(_folder[name], "1");
        Assert.Equal([name], _folder.Names);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(Path.GetFileName(PartialName.Kept(_folder[name]))), 1, 255);
    }

    [Fact]
    public void A_name_that_is_too_long_is_told_before_the_work()
    {
        Fault fault = Assert.Throws<Fault>(() => CompleteFile.Require(_folder[new string('a', 256)]));
        Assert.Contains("256 bytes long, and 255", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_written_into_where_somebody_reads_it_and_stays_a_pipe()
    {
        string pipe = _folder["pipe"];
        using Process make = Process.Start("mkfifo", [pipe]);
        await make.WaitForExitAsync();
        CompleteFile.Require(pipe);
        Fault fault = Assert.Throws<Fault>(() => CompleteFile.WriteText(pipe, "report"));
        Assert.Contains("nobody reads", fault.Message, StringComparison.Ordinal);
        // Open both ways it does not wait for the other side.
        using FileStream reader = new(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        CompleteFile.WriteText(pipe, "report");
        byte[] text = new byte[7];
        reader.ReadExactly(text);
        Assert.Equal("report\n"u8, text);
        Assert.Equal(["pipe"], _folder.Names);
    }

    [Fact]
    public void Kept_names_count_up()
    {
        Assert.Equal(_folder["o.partial.mp4"], PartialName.Kept(_folder["o.mp4"]));
        File.WriteAllText(_folder["o.partial.mp4"], "");
        Assert.Equal(_folder["o.partial-2.mp4"], PartialName.Kept(_folder["o.mp4"]));
        Assert.Equal(_folder["o.v1.partial"], PartialName.Kept(_folder["o.v1/"], isFolder: true));
        Assert.Matches(@"/o\.partial-[0-9a-f]{8}\.mp4$", PartialName.Growing(_folder["o.mp4"]));
    }
}
