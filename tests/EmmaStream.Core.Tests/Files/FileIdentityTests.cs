using System.Runtime.InteropServices;
using EmmaStream.Core.Files;
using EmmaStream.Testing;

namespace EmmaStream.Core.Tests.Files;

public sealed partial class FileIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileIdentityTests()
    {
        Directory.CreateDirectory(_folder["real/deep"]);
        File.WriteAllText(_folder["real/a"], "a");
        File.CreateSymbolicLink(_folder["link"], "real/a");
        File.CreateSymbolicLink(_folder["chain"], "link");
        File.CreateSymbolicLink(_folder["dangling"], "nowhere");
        Directory.CreateSymbolicLink(_folder["folder"], "real");
        Assert.Equal(0, CreateHardLink(_folder["real/a"], _folder["hard"]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("link")]
    [InlineData("chain")]
    [InlineData("hard")]
    [InlineData("folder/a")]
    [InlineData("real/./deep/../a")]
    [InlineData("folder/deep/../a")]
    public void Every_way_to_write_a_file_is_that_file(string name) => Assert.Equal(FileIdentity.Of(_folder["real/a"]), FileIdentity.Of(_folder[name]));

    [Theory]
    [InlineData("real/new", "folder/new")]
    [InlineData("real/none/new", "folder/none/new")]
    [InlineData("real/", "folder")]
    public void What_does_not_exist_is_told_by_its_folder(string a, string b) => Assert.Equal(FileIdentity.Of(_folder[a]), FileIdentity.Of(_folder[b]));

    [Theory]
    [InlineData("real/a", "real/new")]
    [InlineData("real/new", "new")]
    [InlineData("real", "real/deep")]
    [InlineData("dangling", "nowhere")]   // a result takes the place of the link
    public void Other_files_are_others(string a, string b) => Assert.NotEqual(FileIdentity.Of(_folder[a]), FileIdentity.Of(_folder[b]));

    [Theory]
    [InlineData("real/a", "real", true)]
    [InlineData("link", "real/", true)]
    [InlineData("real/new/er", "folder", true)]
    [InlineData("real", "real", false)]
    [InlineData("realm", "real", false)]
    [InlineData("hard", "real", false)]
    public void What_lies_in_a_folder_does_so_whatever_the_links(string path, string folder, bool expected)
        => Assert.Equal(expected, FileIdentity.IsWithin(_folder[path], _folder[folder]));

    [Fact]
    public void Everything_lies_in_the_root() => Assert.True(FileIdentity.IsWithin(_folder["real/a"], "/"));

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateHardLink(string from, string to);
}
