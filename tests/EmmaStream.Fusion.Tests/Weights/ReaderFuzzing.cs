using System.IO.Compression;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Weights;

public class ReaderFuzzing
{
    private const long MostBytes = 64 << 20;

    [Theory]
    [InlineData("zip", 1)]
    [InlineData("deflated zip", 2)]
    [InlineData("legacy", 3)]
    [InlineData("safetensors", 4)]
    public void Flipped_bytes_make_a_fault_or_other_values_and_no_large_allocation(string format, int seed) => Fuzz(SmallFile(format), seed, 3000);

    [Theory]
    [InlineData("subset_zip.pth", 5)]
    [InlineData("subset_legacy.pth", 6)]
    public void Flipped_bytes_in_a_genuine_file_do_so_too(string name, int seed)
    {
        string? path = SharedData.TryPath("golden", "ufuser", name);
        Assert.SkipWhen(path is null, SharedData.Absent);
        Fuzz(File.ReadAllBytes(path), seed, 400);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("deflated zip")]
    [InlineData("legacy")]
    [InlineData("safetensors")]
    public void A_file_cut_anywhere_is_a_fault(string format)
    {
        byte[] file = SmallFile(format);
        for (int length = 0; length < file.Length; length++)
            Assert.False(Reads(file[..length]), $"the first {length} of {file.Length} bytes were read as a whole file");
    }

    private static void Fuzz(byte[] file, int seed, int rounds)
    {
        Assert.True(Reads(file));
        Random random = new(seed);
        for (int round = 0; round < rounds; round++)
        {
            byte[] damaged = [.. file];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                // Structure lies at the ends: half of the damage goes there.
                int range = random.Next(2) == 0 ? Math.Min(600, file.Length) : file.Length;
                int at = random.Next(2) == 0 ? random.Next(range) : file.Length - 1 - random.Next(range);
                damaged[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(damaged[at] ^ (1 << random.Next(8))), _ => 0xff };
            }
            if (random.Next(4) == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            Reads(damaged);
        }
    }

    /// <summary>Whether the file was read; any exception but a fault fails the test, as does a large allocation.</summary>
    private static bool Reads(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = true;
        try
        {
            WeightFile.Parse("fuzz", file);
        }
        catch (Fault fault)
        {
            Assert.Equal(FaultKind.Input, fault.Kind);
            Assert.DoesNotContain('\n', fault.Message);
            Assert.Matches(@"\. [A-Z]\w+ ", fault.Message);   // what to do
            read = false;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return read;
    }

    private static byte[] SmallFile(string format)
    {
        byte[] values = PickleBuilder.Floats([.. Enumerable.Range(0, 24).Select(i => i / 7f)]);
        PickleBuilder Tensors(bool legacy) => new PickleBuilder().Ascii("ccollections\nOrderedDict\n)R(")
            .Tensor("a.weight", "0", 24, 0, [2, 3, 2, 2], [12, 4, 2, 1], legacy: legacy).Tensor("a.bias", "1", 24, 3, [4], [2], legacy: legacy).Ascii("u");
        return format switch
        {
            "zip" => PickleBuilder.Zip(Tensors(false).Stop(), CompressionLevel.NoCompression, ("0", values), ("1", values)),
            "deflated zip" => PickleBuilder.Zip(Tensors(false).Stop(), CompressionLevel.Optimal, ("0", values), ("1", values)),
            "legacy" => PickleBuilder.Legacy(Tensors(true).Stop(), ("0", values), ("1", values)),
            _ => SafetensorsTests.Safetensors("""{"a":{"dtype":"F32","shape":[2,3,2],"data_offsets":[0,48]},"b":{"dtype":"F16","shape":[24],"data_offsets":[48,96]}}""", values),
        };
    }
}
