using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public sealed class PairFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _lines = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_pair_by_name_whatever_their_extension()
    {
        byte[] infrared = SomePictures.Noise(20, 18, 1), visible = SomePictures.Noise(20, 18, 2);
        SomePictures.Save(_folder["ir/a.png"], 20, 18, infrared);
        SomePictures.Save(_folder["vi/a.bmp"], 20, 18, visible);
        PairSets sets = await LoadAsync(Set);
        TrainingPair pair = Assert.Single(Assert.Single(sets.Sets));
        Assert.Equal(("a", 20, 18), (pair.Name, pair.Width, pair.Height));
        Assert.Equal(infrared, pair.Infrared);
        Assert.Equal(visible, pair.Visible);
        Assert.Null(pair.Target);
        Assert.Equal(0, sets.Skipped);
        Assert.Empty(_lines.Warnings);
    }

    [Fact]
    public async Task Of_colour_the_luma_is_taken_on_both_sides()
    {
        // 0.114 x 200 + 0.587 x 100 + 0.299 x 50 = 96.45.
        byte[] colour = [.. Enumerable.Repeat(new byte[] { 200, 100, 50 }, 16 * 16).SelectMany(c => c)];
        SomePictures.Save(_folder["ir/a.png"], PixelFormat.Bgr24, 16, 16, colour);
        SomePictures.Save(_folder["vi/a.png"], PixelFormat.Bgr24, 16, 16, colour);
        TrainingPair pair = (await LoadAsync(Set)).Sets[0][0];
        Assert.All(pair.Infrared.Concat(pair.Visible), level => Assert.Equal(96, level));
    }

    [Fact]
    public async Task Scale_averages_areas()
    {
        byte[] stripes = [.. Enumerable.Range(0, 32 * 32).Select(i => (byte)(i % 2 == 0 ? 40 : 80))];
        SavePair("a", 32, 32, stripes);
        TrainingPair pair = (await LoadAsync(Set with { Scale = 0.5 })).Sets[0][0];
        Assert.Equal((16, 16), (pair.Width, pair.Height));
        Assert.All(pair.Visible, level => Assert.Equal(60, level));
    }

    [Fact]
    public async Task Lists_choose_names_with_or_without_extension_and_every_takes_each_nth_of_what_is_left()
    {
        foreach (string name in new[] { "a", "b.2", "c", "d", "e" })
            SavePair(name, 16, 16, SomePictures.Noise(16, 16, 3));
        File.WriteAllText(_folder["only.txt"], "a.jpg\n\n  b.2  \nc\nd.png\n");
        File.WriteAllText(_folder["except.txt"], "c.png\n");
        PairSetOptions listed = Set with { Only = _folder["only.txt"], Except = _folder["except.txt"] };
        Assert.Equal(["a", "b.2", "d"], Names(await LoadAsync(listed)));
        Assert.Equal(["a", "d"], Names(await LoadAsync(listed with { Every = 2 })));
        Assert.Empty(_lines.Warnings);
    }

    [Fact]
    public async Task A_corrupt_picture_is_named_skipped_and_counted()
    {
        SavePair("a", 16, 16, SomePictures.Noise(16, 16, 3));
        SavePair("b", 16, 16, SomePictures.Noise(16, 16, 4));
        byte[] file = File.ReadAllBytes(_folder["vi/b.png"]);
        File.WriteAllBytes(_folder["vi/b.png"], file[..(file.Length / 2)]);
        PairSets sets = await LoadAsync(Set);
        Assert.Equal(["a"], Names(sets));
        Assert.Equal(1, sets.Skipped);
        Assert.Contains(_folder["vi/b.png"], Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_without_a_partner_are_counted_and_the_first_ten_listed()
    {
        SavePair("paired", 16, 16, SomePictures.Noise(16, 16, 3));
        for (int i = 0; i < 12; i++)
            SomePictures.Save(_folder[$"ir/alone{i:00}.png"], 16, 16, SomePictures.Noise(16, 16, i));
        PairSets sets = await LoadAsync(Set);
        Assert.Equal(["paired"], Names(sets));
        Assert.Equal(12, sets.Skipped);
        string line = Assert.Single(_lines.Warnings);
        Assert.Contains("12 names", line, StringComparison.Ordinal);
        Assert.Contains("alone09", line, StringComparison.Ordinal);
        Assert.DoesNotContain("alone10", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_name_that_is_nowhere_is_told()
    {
        SavePair("a", 16, 16, SomePictures.Noise(16, 16, 3));
        File.WriteAllText(_folder["only.txt"], "a\nghost.png\n");
        Assert.Equal(1, (await LoadAsync(Set with { Only = _folder["only.txt"] })).Skipped);
        Assert.Contains("ghost", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sizes_that_differ_are_one_line_with_both()
    {
        SavePair("a", 16, 16, SomePictures.Noise(16, 16, 3));
        SomePictures.Save(_folder["ir/b.png"], 20, 18, SomePictures.Noise(20, 18, 1));
        SomePictures.Save(_folder["vi/b.png"], 24, 18, SomePictures.Noise(24, 18, 2));
        string message = (await Assert.ThrowsAsync<Fault>(() => LoadAsync(Set))).Message;
        Assert.All(["b:", "20x18", "24x18"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folders_that_are_empty_absent_or_strangers_and_absent_lists_are_one_line_each()
    {
        await AssertFaultAsync(Set, _folder["ir"]);
        Directory.CreateDirectory(_folder["ir"]);
        await AssertFaultAsync(Set, _folder["vi"]);
        Directory.CreateDirectory(_folder["vi"]);
        await AssertFaultAsync(Set, "no picture in them");
        SomePictures.Save(_folder["ir/a.png"], 16, 16, SomePictures.Noise(16, 16, 1));
        SomePictures.Save(_folder["vi/b.png"], 16, 16, SomePictures.Noise(16, 16, 1));
        await AssertFaultAsync(Set, "no pair in them (2 without a partner");
        await AssertFaultAsync(Set with { Only = _folder["no.txt"] }, _folder["no.txt"]);
        await AssertFaultAsync(Set with { Except = _folder["no.txt"] }, _folder["no.txt"]);
    }

    [Fact]
    public async Task Published_pictures_belong_to_the_pair_of_their_name_and_size()
    {
        SavePair("a", 16, 16, SomePictures.Noise(16, 16, 1));
        SavePair("b", 16, 16, SomePictures.Noise(16, 16, 2));
        byte[] fused = SomePictures.Noise(16, 16, 7);
        SomePictures.Save(_folder["one/a.png"], 16, 16, fused);
        SomePictures.Save(_folder["one/b.png"], 17, 16, SomePictures.Noise(17, 16, 7));
        SomePictures.Save(_folder["one/stranger.png"], 16, 16, fused);
        SomePictures.Save(_folder["two/a.png"], 16, 16, fused);
        PairSets sets = await LoadAsync(Set);
        Assert.Equal(2, sets.AddPublished([new() { Folder = _folder["one"] }, new() { Folder = _folder["two"] }], _lines.Log));
        Assert.Equal(2, sets.Sets[0][0].Published.Count);
        Assert.Equal(fused, sets.Sets[0][0].Published[0]);
        Assert.Empty(sets.Sets[0][1].Published);
    }

    private PairSetOptions Set => new() { Infrared = _folder["ir"], Visible = _folder["vi"] };

    private static string[] Names(PairSets sets) => [.. sets.Sets[0].Select(p => p.Name)];

    private Task<PairSets> LoadAsync(PairSetOptions set) => PairSets.LoadAsync([set], 1, _lines.Log, CancellationToken.None);

    private async Task AssertFaultAsync(PairSetOptions set, string part)
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => LoadAsync(set));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private void SavePair(string name, int width, int height, byte[] samples)
    {
        SomePictures.Save(_folder[$"ir/{name}.png"], width, height, samples);
        SomePictures.Save(_folder[$"vi/{name}.png"], width, height, samples);
    }
}
