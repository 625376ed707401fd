using System.IO.Compression;
using System.Runtime.InteropServices;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Torch.Tests.Network;

/// <summary>
/// Holds our zip files against PyTorch's own reader: libtorch's C++ unpickler, called by its mangled name (libtorch 2.10, Itanium ABI; a
/// std::vector is three pointers, an IValue two words). What it read it writes again, and the raw values must be ours.
/// </summary>
public unsafe partial class LibtorchReadsOurFiles
{
    [Fact]
    public void Libtorch_reads_a_saved_state_dict_and_finds_every_value()
    {
        TorchRuntime.EnsureLoaded();
        using TemporaryFolder folder = new();
        WeightSet weights = GoldenCases.Weights();
        TorchZipFile.Save(folder["ours.pth"], weights);
        byte[] ours = File.ReadAllBytes(folder["ours.pth"]);

        Words value = default, written = default;
        fixed (byte* first = ours)
        {
            Words bytes = new() { First = (nint)first, Second = (nint)first + ours.Length, Third = (nint)first + ours.Length };
            PickleLoad(&value, &bytes);
        }
        PickleSave(&written, &value);
        using UnmanagedMemoryStream stream = new((byte*)written.First, written.Second - written.First);
        using ZipArchive theirs = new(stream);
        for (int i = 0; i < weights.Tensors.Count; i++)
        {
            using Stream entry = theirs.GetEntry($"archive/data/{i}")!.Open();
            byte[] raw = new byte[weights.Tensors[i].Values.Length * sizeof(float)];
            entry.ReadExactly(raw);
            Assert.Equal(weights.Tensors[i].Values, MemoryMarshal.Cast<byte, float>(raw).ToArray());
            Assert.Equal(-1, entry.ReadByte());
        }
        Assert.Null(theirs.GetEntry($"archive/data/{weights.Tensors.Count}"));
    }

    [LibraryImport("libtorch_cpu.so", EntryPoint = "_ZN5torch3jit11pickle_loadERKSt6vectorIcSaIcEE")]
    private static partial void PickleLoad(Words* result, Words* bytes);

    [LibraryImport("libtorch_cpu.so", EntryPoint = "_ZN5torch3jit11pickle_saveERKN3c106IValueE")]
    private static partial void PickleSave(Words* result, Words* value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Words
    {
        public nint First, Second, Third, Fourth;
    }
}
