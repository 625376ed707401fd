using System.IO.Compression;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Weights;

public class TorchFileTests
{
    private static readonly byte[] SixFloats = PickleBuilder.Floats(0, 1, 2, 3, 4, 5);

    [Theory]
    [InlineData("subset_zip.pth")]
    [InlineData("subset_legacy.pth")]
    public void A_genuine_file_of_either_format_holds_what_the_safetensors_file_holds(string name)
    {
        string? path = SharedData.TryPath("golden", "ufuser", name);
        Assert.SkipWhen(path is null, SharedData.Absent);
        WeightSet expected = WeightFile.Load(UFuserGolden.Weights), actual = WeightFile.Load(path);
        Assert.Equal(25, actual.Tensors.Count);
        Assert.All(actual.Tensors, t =>
        {
            Assert.Equal(expected[t.Name].Shape, t.Shape);
            Assert.Equal(expected[t.Name].Values, t.Values);
        });
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Strided_transposed_and_shared_tensors_are_laid_out_in_row_major_order(CompressionLevel level)
    {
        byte[] pickle = new PickleBuilder().Ascii("}(")
            .Tensor("transposed", "0", 6, 0, [3, 2], [1, 3])
            .Tensor("every second from the second", "0", 6, 1, [3], [2])
            .Tensor("scalar", "0", 6, 4, [], [])
            .Tensor("empty", "0", 6, 0, [0, 3], [3, 1])
            .Ascii("u").Stop();
        WeightSet set = WeightFile.Parse("x.pth", PickleBuilder.Zip(pickle, level, ("0", SixFloats)));
        Assert.Equal([0f, 3, 1, 4, 2, 5], set["transposed"].Values);
        Assert.Equal("3x2", set["transposed"].ShapeText);
        Assert.Equal([1f, 3, 5], set["every second from the second"].Values);
        Assert.Equal([4f], set["scalar"].Values);
        Assert.Empty(set["empty"].Values);
        Assert.Equal(["transposed", "every second from the second", "scalar", "empty"], set.Tensors.Select(t => t.Name));
    }

    [Fact]
    public void Every_storage_type_becomes_float()
    {
        byte[] pickle = new PickleBuilder().Ascii("}(")
            .Tensor("d", "0", 1, 0, [1], [1], "DoubleStorage").Tensor("h", "1", 1, 0, [1], [1], "HalfStorage")
            .Tensor("b", "2", 1, 0, [1], [1], "BFloat16Storage").Tensor("l", "3", 1, 0, [1], [1], "LongStorage")
            .Tensor("t", "4", 2, 0, [2], [1], "BoolStorage").Ascii("u").Stop();
        WeightSet set = WeightFile.Parse("x.pth", PickleBuilder.Zip(pickle, CompressionLevel.NoCompression,
            ("0", BitConverter.GetBytes(-1.5)), ("1", BitConverter.GetBytes((Half)0.25)), ("2", [0x80, 0x3f]), ("3", BitConverter.GetBytes(-7L)), ("4", [1, 0])));
        Assert.Equal([-1.5f, 0.25f, 1, -7, 1, 0], set.Tensors.SelectMany(t => t.Values));
    }

    [Fact]
    public void A_checkpoint_with_a_nested_state_dict_and_other_things_is_read_and_a_common_prefix_taken_off()
    {
        byte[] pickle = new PickleBuilder().Ascii("}(").Text("epoch").Number(3).Text("state_dict").Ascii("}(")
            .Tensor("module.a", "0", 6, 0, [2], [1]).Tensor("module.b", "0", 6, 2, [1], [1]).Ascii("u").Text("lr").Raw((byte)'G', 0, 0, 0, 0, 0, 0, 0, 0).Ascii("u").Stop();
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["c.bin"], PickleBuilder.Zip(pickle, CompressionLevel.NoCompression, ("0", SixFloats)));
        Assert.Equal(["a", "b"], WeightFile.Load(folder["c.bin"]).Tensors.Select(t => t.Name));
    }

    [Fact]
    public void Lists_are_appended_to_and_memoized_values_recalled()
    {
        byte[] pickle = new PickleBuilder().Ascii("}(").Text("list").Ascii("]q\u0001").Number(1).Ascii("a").Ascii("h\u0001").Ascii("0")
            .Stop();
        Assert.Contains("opcode 0x30", Refusal(PickleBuilder.Zip(pickle)).Message);          // POP: torch.save does not need it
        byte[] good = new PickleBuilder().Ascii("}(").Text("list").Ascii("]q\u0001").Number(1).Ascii("a").Text("again").Ascii("h\u0001")
            .Tensor("a", "0", 6, 0, [2], [1]).Ascii("u").Stop();
        Assert.Equal([0f, 1], WeightFile.Parse("x", PickleBuilder.Zip(good, CompressionLevel.NoCompression, ("0", SixFloats)))["a"].Values);
    }

    [Fact]
    public void A_pickle_that_calls_os_system_is_refused_by_name_and_nothing_runs()
    {
        using TemporaryFolder folder = new();
        byte[] protocol2 = new PickleBuilder().Ascii("cposix\nsystem\n(").Text($"touch {folder["ran"]}").Ascii("tR").Stop();
        byte[] protocol4 = new PickleBuilder().Raw(0x8c, 5).Ascii("posix").Raw(0x8c, 6).Ascii("system").Raw(0x93).Ascii("(").Text($"touch {folder["ran"]}").Ascii("tR").Stop();
        foreach (byte[] file in (byte[][])[PickleBuilder.Zip(protocol2), PickleBuilder.Zip(protocol4), PickleBuilder.Legacy(protocol2)])
        {
            Fault fault = Refusal(file);
            Assert.Equal(FaultKind.Input, fault.Kind);
            Assert.StartsWith("x.pth: the pickle in it calls posix.system; refused.", fault.Message);
            Assert.DoesNotContain('\n', fault.Message);
        }
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_whole_pickled_network_is_refused_by_its_class()
    {
        byte[] pickle = new PickleBuilder().Ascii("c__main__\nNet\n)R").Stop();
        Assert.Contains("calls __main__.Net; refused. Save the weights alone", Refusal(PickleBuilder.Zip(pickle)).Message);
    }

    [Theory]
    [InlineData(6, 0, new[] { 7 }, new[] { 1 }, "larger than its storage")]
    [InlineData(6, 4, new[] { 3 }, new[] { 1 }, "beyond its storage")]
    [InlineData(6, 0, new[] { 3 }, new[] { 3 }, "beyond its storage")]
    [InlineData(6, -1, new[] { 3 }, new[] { 1 }, "beyond its storage")]
    [InlineData(6, 0, new[] { 2 }, new[] { -1 }, "stride -1")]
    [InlineData(6, 0, new[] { 100000, 100000 }, new[] { 0, 0 }, "times the values")]
    [InlineData(6, 0, new[] { 2, 3 }, new[] { 1 }, "does not match its shape")]
    [InlineData(5, 0, new[] { 2 }, new[] { 1 }, "24 bytes where 20 are expected")]
    public void A_tensor_that_does_not_fit_its_storage_is_named(int count, int offset, int[] shape, int[] strides, string says)
    {
        byte[] pickle = new PickleBuilder().Ascii("}").Tensor("a", "0", count, offset, shape, strides).Ascii("s").Stop();
        Assert.Contains(says, Refusal(PickleBuilder.Zip(pickle, CompressionLevel.NoCompression, ("0", SixFloats))).Message);
    }

    [Fact]
    public void A_legacy_file_is_read_and_missing_storages_are_told()
    {
        byte[] pickle = new PickleBuilder().Ascii("}").Tensor("a", "77", 6, 1, [2], [3], legacy: true).Ascii("s").Stop();
        byte[] file = PickleBuilder.Legacy(pickle, ("77", SixFloats));
        Assert.Equal([1f, 4], WeightFile.Parse("x", file)["a"].Values);
        Assert.Contains("truncated", Refusal(file[..^3]).Message);
        Assert.Contains("truncated", Refusal(PickleBuilder.Legacy(pickle)).Message);
    }

    [Fact]
    public void A_file_without_tensors_says_what_it_has()
    {
        byte[] pickle = new PickleBuilder().Ascii("}(").Text("epoch").Number(3).Text("optimizer").Ascii("}u").Stop();
        Assert.Contains("holds no tensors (its keys: epoch, optimizer)", Refusal(PickleBuilder.Zip(pickle)).Message);
    }

    [Fact]
    public void A_zip_that_is_no_weights_file_or_broken_is_told()
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("holiday.jpg");
        Assert.Contains("0 entries data.pkl", Refusal(stream.ToArray()).Message);
        byte[] good = PickleBuilder.Zip(new PickleBuilder().Ascii("}").Tensor("a", "0", 6, 0, [6], [1]).Ascii("s").Stop(), CompressionLevel.NoCompression, ("0", SixFloats));
        Assert.Contains("truncated or damaged", Refusal(good[..(good.Length / 2)]).Message);
    }

    [Fact]
    public void What_is_saved_is_read_again_and_equal_sets_make_equal_files()
    {
        using TemporaryFolder folder = new();
        WeightSet set = new("here", [new("a.weight", [2, 3], [1, 2, 3, 4, 5, float.Epsilon]), new("b", [], [7]), new("c", [0], [])]);
        TorchZipFile.Save(folder["one.pth"], set);
        TorchZipFile.Save(folder["two.pth"], set);
        Assert.Equal(File.ReadAllBytes(folder["one.pth"]), File.ReadAllBytes(folder["two.pth"]));
        WeightSet again = WeightFile.Load(folder["one.pth"]);
        Assert.Equal(set.Tensors.Select(t => (t.Name, t.ShapeText)), again.Tensors.Select(t => (t.Name, t.ShapeText)));
        Assert.Equal(set.Tensors.SelectMany(t => t.Values), again.Tensors.SelectMany(t => t.Values));
        Assert.Equal(["one.pth", "two.pth"], folder.Names);
        using ZipArchive zip = ZipFile.OpenRead(folder["one.pth"]);
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));        // stored: torch.load can map it
    }

    [Fact]
    public void Names_from_the_file_do_not_break_the_line_of_a_message()
    {
        byte[] pickle = new PickleBuilder().Ascii("}(").Text("two\nlines").Number(3).Text(new string('x', 500)).Number(3).Ascii("u").Stop();
        string message = Refusal(PickleBuilder.Zip(pickle)).Message;
        Assert.Contains("its keys: two?lines, xxx", message);
        Assert.InRange(message.Length, 0, 400);
    }

    private static Fault Refusal(byte[] file) => Assert.Throws<Fault>(() => WeightFile.Parse("x.pth", file));
}
