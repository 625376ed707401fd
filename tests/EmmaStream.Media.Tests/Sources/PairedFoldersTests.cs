using EmmaStream.Core.Faults;
using EmmaStream.Media.Sources;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sources;

public sealed class PairedFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_folders_pair_by_name_whatever_the_extension()
    {
        Make("a/2.png", "a/10.png", "a/1.jpg", "b/1.png", "b/2.PNG", "b/3.png", "b/notes.txt");
        PairedImages found = PairedFolders.Match(_folder["a"], _folder["b"]);

        Assert.Equal(["1: a/1.jpg b/1.png", "2: a/2.png b/2.PNG"], Told(found));
        Assert.Equal([_folder["a/10.png"]], found.InfraredAlone);
        Assert.Equal([_folder["b/3.png"]], found.VisibleAlone);
    }

    [Fact]
    public void Sequences_in_sub_folders_pair_within_their_sequence()
    {
        Make("ir/S1/1.png", "ir/S2/1.png", "vi/S1/1.png", "vi/S2/1.png", "vi/S3/1.png");
        PairedImages found = PairedFolders.Match(_folder["ir"], _folder["vi"]);

        Assert.Equal(["S1/1: ir/S1/1.png vi/S1/1.png", "S2/1: ir/S2/1.png vi/S2/1.png"], Told(found));
        Assert.Equal([_folder["vi/S3/1.png"]], found.VisibleAlone);
        Assert.Equal(Told(found), Told(PairedFolders.Match(_folder.FullPath, _folder.FullPath + "/")));   // the folder that holds both
    }

    [Theory]
    [InlineData("_EO")]
    [InlineData("_VI")]
    [InlineData("_vis")]
    public void Suffixes_pair_within_one_folder_or_in_two(string visible)
    {
        Make("x/1_IR.png", $"x/1{visible}.png", "x/2_ir.png", "x/3_EO.png", "x/other.png", "y/7_IR.png", $"z/7{visible}.jpg");
        PairedImages found = PairedFolders.Match(_folder["x"], _folder["x"]);

        Assert.Equal([$"1: x/1_IR.png x/1{visible}.png"], Told(found));
        Assert.Equal([_folder["x/2_ir.png"]], found.InfraredAlone);
        Assert.Equal([_folder["x/3_EO.png"]], found.VisibleAlone);
        Assert.Equal([$"7: y/7_IR.png z/7{visible}.jpg"], Told(PairedFolders.Match(_folder["y"], _folder["z"])));
    }

    [Fact]
    public void A_second_picture_of_a_name_is_left_over()
    {
        PairedImages found = PairedFolders.Match("i", ["i/a.jpg", "i/a.png"], "v", ["v/a.bmp", "v/a.png"]);
        Assert.Equal([new ImagePair("a", "i/a.jpg", "v/a.bmp")], found.Pairs);
        Assert.Equal(["i/a.png"], found.InfraredAlone);
        Assert.Equal(["v/a.png"], found.VisibleAlone);
    }

    [Fact]
    public void Folders_without_a_common_name_are_refused_with_counts()
    {
        Make("a/1.png", "a/2.png", "b/x.png");
        Fault fault = Assert.Throws<Fault>(() => PairedFolders.Match(_folder["a"], _folder["b"]));
        Assert.Contains("(2 infrared, 1 visible pictures)", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Input, Assert.Throws<Fault>(() => PairedFolders.Match(_folder["no"], _folder["b"])).Kind);
    }

    [Fact]
    public void Every_pair_of_RoadScene_is_found()
    {
        string? ir = SharedData.TryPath("data", "roadscene", "ir"), vi = SharedData.TryPath("data", "roadscene", "vi");
        Assert.SkipWhen(ir is null || vi is null, SharedData.Absent);
        PairedImages found = PairedFolders.Match(ir!, vi!);
        Assert.Equal((221, 0, 0), (found.Pairs.Count, found.InfraredAlone.Count, found.VisibleAlone.Count));
        Assert.Equal(found.Pairs, PairedFolders.Match(Path.GetDirectoryName(ir)!, Path.GetDirectoryName(ir)!).Pairs);
    }

    [Fact]
    public void Names_are_ordered_by_the_value_of_their_numbers()
    {
        string[] names = ["b", "a10", "a9", "a09", "a", "a1b2", "a1b10"];
        Assert.Equal(["a", "a1b2", "a1b10", "a09", "a9", "a10", "b"], names.Order(NameOrder.Instance));
    }

    private void Make(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllBytes(_folder[name], []);
        }
    }

    private IEnumerable<string> Told(PairedImages found) =>
        found.Pairs.Select(p => $"{p.Name}: {Path.GetRelativePath(_folder.FullPath, p.Infrared)} {Path.GetRelativePath(_folder.FullPath, p.Visible)}");
}
