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
        Assert.Equal([_folder["a/10.png"]], found.InfraredAlone.Select(a => a.Path));
        Assert.Equal([_folder["b/3.png"]], found.VisibleAlone.Select(a => a.Path));
    }

    [Fact]
    public void Sequences_in_sub_folders_pair_within_their_sequence()
    {
        Make("ir/S1/1.png", "ir/S2/1.png", "vi/S1/1.png", "vi/S2/1.png", "vi/S3/1.png");
        PairedImages found = PairedFolders.Match(_folder["ir"], _folder["vi"]);

        Assert.Equal(["S1/1: ir/S1/1.png vi/S1/1.png", "S2/1: ir/S2/1.png vi/S2/1.png"], Told(found));
        Assert.Equal([_folder["vi/S3/1.png"]], found.VisibleAlone.Select(a => a.Path));
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
        Assert.Equal([_folder["x/2_ir.png"]], found.InfraredAlone.Select(a => a.Path));
        Assert.Equal([_folder["x/3_EO.png"]], found.VisibleAlone.Select(a => a.Path));
        Assert.Equal([$"7: y/7_IR.png z/7{visible}.jpg"], Told(PairedFolders.Match(_folder["y"], _folder["z"])));
    }

    [Fact]
    public void A_second_picture_of_a_name_is_left_over()
    {
        PairedImages found = PairedFolders.Match("i", ["i/a.jpg", "i/a.png"], "v", ["v/a.bmp", "v/a.png"]);
        Assert.Equal([new ImagePair("a", "i/a.jpg", "v/a.bmp")], found.Pairs);
        Assert.Equal(["i/a.png"], found.InfraredAlone.Select(a => a.Path));
        Assert.Equal(["v/a.png"], found.VisibleAlone.Select(a => a.Path));
    }

    [Fact]
    public void Folders_without_a_common_name_are_refused_with_counts()
    {
        Make("a/1.png", "a/2.png", "b/x.png");
        Fault fault = Assert.Throws<Fault>(() => PairedFolders.Match(_folder["a"], _folder["b"]));
        Assert.Contains("(2 infrared, 1 visible pictures)", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{_folder["a"]}: holds no pair (0 infrared, 0 visible pictures). It needs ir/ and vi/", Assert.Throws<Fault>(() => PairedFolders.Match(_folder["a"], _folder["a"])).Message, StringComparison.Ordinal);
        Fault absent = Assert.Throws<Fault>(() => PairedFolders.Match(_folder["no"], _folder["b"]));
        Assert.Equal((FaultKind.Input, $"{_folder["no"]}: no such folder. Check the path"), (absent.Kind, absent.Message));
    }

    [Fact]
    public void A_folder_without_a_picture_is_named_and_so_is_the_video_that_it_holds()
    {
        Make("a/1.png", "empty/notes.txt", "videos/f.mp4");
        foreach (Action act in new Action[] { () => PairedFolders.Match(_folder["a"], _folder["empty"]), () => PairedFolders.Results(_folder["empty"]) })
            Assert.StartsWith($"{_folder["empty"]}: no picture in this folder. It needs files that end with", Assert.Throws<Fault>(act).Message, StringComparison.Ordinal);
        Assert.EndsWith($"Give the video itself: {_folder["videos/f.mp4"]}", Assert.Throws<Fault>(() => PairedFolders.Results(_folder["videos"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_named_by_their_place_and_may_bear_a_cameras_suffix()
    {
        Make("f/S1/1.png", "f/2_IR.jpg", "f/3.png");
        Assert.Equal(["2_IR", "3", "S1/1"], PairedFolders.Results(_folder["f"]).Select(r => r.Name));
        Assert.Equal(["2", "2", "2", "2", "2x", "FLIR"], ((string[])["2_IR", "2_vis", "2_EO", "2", "2x", "FLIR"]).Select(PairedFolders.WithoutSuffix));
    }

    [Fact]
    public void What_is_left_over_keeps_the_name_by_which_it_would_be_paired()
    {
        Make("x/S/1_IR.png", "x/2_IR.png", "x/2_VIS.png", "x/3_VIS.png");
        PairedImages found = PairedFolders.Match(_folder["x"], _folder["x"]);
        Assert.Equal(["S/1"], found.InfraredAlone.Select(a => a.Name));
        Assert.Equal(["3"], found.VisibleAlone.Select(a => a.Name));
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
