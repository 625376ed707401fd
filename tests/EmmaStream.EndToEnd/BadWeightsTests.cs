using System.IO.Compression;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Weights that are truncated, wrong or hostile: one line that names everything, code 3, and nothing of them is run.</summary>
public sealed class BadWeightsTests : IDisposable
{
    // A pickle that says: import os.system, call it with "touch OWNED".
    private static readonly byte[] Hostile = [0x80, 2, .. "cos\nsystem\nU\x000btouch OWNED\x85R."u8];

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("cut.safetensors", "cut.safetensors")]
    [InlineData("text.safetensors", "text.safetensors")]
    [InlineData("empty.pth", "empty.pth")]
    [InlineData("cut.pth", "cut.pth")]
    [InlineData("none.pth", "no such weights")]
    [InlineData("noise.pth", "noise.pth")]
    public async Task Weights_that_cannot_be_read_are_named(string name, string text)
    {
        byte[] good = File.ReadAllBytes(UFuserGolden.Weights);
        File.WriteAllBytes(_folder["cut.safetensors"], good[..(good.Length / 2)]);
        File.WriteAllText(_folder["text.safetensors"], "not weights at all");
        File.WriteAllBytes(_folder["empty.pth"], []);
        TorchZipFile.Save(_folder["whole.pth"], WeightFile.Load(UFuserGolden.Weights));
        File.WriteAllBytes(_folder["cut.pth"], File.ReadAllBytes(_folder["whole.pth"])[..100_000]);
        byte[] noise = new byte[4096];
        new Random(3).NextBytes(noise);
        File.WriteAllBytes(_folder["noise.pth"], noise);
        await RefuseAsync(name, text);
    }

    [Fact]
    public async Task Every_missing_extra_and_misshapen_tensor_is_listed_at_once()
    {
        WeightSet good = WeightFile.Load(UFuserGolden.Weights);
        List<WeightTensor> tensors = [.. good.Tensors];
        string missing = tensors[3].Name, misshapen = tensors[10].Name;
        tensors.RemoveAt(3);
        tensors[9] = new WeightTensor(misshapen, [1, 2, 3], new float[6]);
        tensors.Add(new WeightTensor("somebody.else", [1], new float[1]));
        SafetensorsFile.Save(_folder["other.safetensors"], new WeightSet("", tensors, good.Metadata));
        await RefuseAsync("other.safetensors", missing, misshapen, "somebody.else");
    }

    [Fact]
    public async Task A_pickle_that_calls_os_system_is_refused_by_name_and_not_run()
    {
        using (ZipArchive zip = ZipFile.Open(_folder["zip.pth"], ZipArchiveMode.Create))
        {
            using Stream pickle = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open();
            pickle.Write(Hostile);
        }
        await RefuseAsync("zip.pth", "os.system");
        File.WriteAllBytes(_folder["plain.pth"], Hostile);
        await RefuseAsync("plain.pth", "plain.pth");
        Assert.DoesNotContain("OWNED", _folder.Names);
    }

    public void Dispose() => _folder.Dispose();

    private async Task MakePicturesAsync()
    {
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        await Played.MakePictureAsync(_folder["b.png"], "32x32");
    }

    private async Task RefuseAsync(string name, params string[] texts)
    {
        await MakePicturesAsync();
        await Refusal.ExpectAsync(_folder, 3, [name, .. texts], "o.png", "fuse", "--ir", "a.png", "--vi", "b.png", "-o", "o.png", "--fuser", "emma", "--model", name);
    }
}
