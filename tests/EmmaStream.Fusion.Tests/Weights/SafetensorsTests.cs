using System.Text;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Weights;

public class SafetensorsTests
{
    [Fact]
    public void Every_type_is_read()
    {
        byte[] data = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2.5), .. BitConverter.GetBytes((Half)0.5), 0x40, 0x40, .. BitConverter.GetBytes(9L)];
        WeightSet set = WeightFile.Parse("x", Safetensors("""
            {"__metadata__":{"made by":"hand"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F64","shape":[1,1],"data_offsets":[4,12]},
            "c":{"dtype":"F16","shape":[],"data_offsets":[12,14]},"d":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]},"e":{"dtype":"I64","shape":[1],"data_offsets":[16,24]}}
            """, data));
        Assert.Equal([1.5f, -2.5f, 0.5f, 3f, 9f], set.Tensors.SelectMany(t => t.Values));
        Assert.Equal("hand", set.Metadata["made by"]);
        Assert.Equal("scalar", set["c"].ShapeText);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "overlaps another")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "hole before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "truncated: 8 of 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fit its 3 values")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "does not fit its 2 values")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "tensor a is of type F8_E4M3; F32, F64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "two tensors a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "not the JSON")]
    [InlineData("""{"a":5}""", "not the JSON")]
    [InlineData("""{"a":""", "not the JSON")]
    public void A_damaged_header_is_told(string header, string says)
    {
        Fault fault = Assert.Throws<Fault>(() => WeightFile.Parse("x.safetensors", Safetensors(header, new byte[8])));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.StartsWith("x.safetensors: ", fault.Message);
        Assert.Contains(says, fault.Message);
        Assert.Matches(@"\. (Copy or make the file again|Give a \.safetensors file, .*)$", fault.Message);
    }

    [Fact]
    public void A_header_longer_than_the_file_or_the_limit_is_told()
    {
        byte[] file = Safetensors("{}", []);
        file[0] = 200;
        Assert.Contains("ends within its header", Assert.Throws<Fault>(() => WeightFile.Parse("x", file)).Message);
        file[3] = 100;
        Assert.Contains("header claims", Assert.Throws<Fault>(() => WeightFile.Parse("x", file)).Message);
    }

    [Fact]
    public void What_is_saved_is_read_again_with_its_metadata()
    {
        using TemporaryFolder folder = new();
        WeightSet set = new("here", [new("a", [2, 2], [1, 2, 3, float.MaxValue]), new("ä\"b", [], [-0f])], new Dictionary<string, string> { ["fuses"] = "well" });
        SafetensorsFile.Save(folder["w"], set);
        WeightSet again = WeightFile.Load(folder["w"]);
        Assert.Equal(set.Tensors.Select(t => (t.Name, t.ShapeText)), again.Tensors.Select(t => (t.Name, t.ShapeText)));
        Assert.Equal(set.Tensors.SelectMany(t => t.Values), again.Tensors.SelectMany(t => t.Values));
        Assert.Equal("well", again.Metadata["fuses"]);
        Assert.Equal(["w"], folder.Names);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_older_file_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["taken"]);
        WeightSet set = new("here", [new("a", [1], [1])]);
        Assert.Equal(FaultKind.Output, Assert.Throws<Fault>(() => SafetensorsFile.Save(folder["taken"], set)).Kind);
        Assert.Equal(FaultKind.Output, Assert.Throws<Fault>(() => SafetensorsFile.Save(folder["absent/w"], set)).Kind);
        Assert.Equal(["taken"], folder.Names);
    }

    internal static byte[] Safetensors(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }
}
