using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Weights;

public class WeightFileTests
{
    [Theory]
    [InlineData(new byte[0], "an empty file")]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 }, "gzip file (unpack it first)")]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10 }, "a picture")]
    [InlineData(new byte[] { 0x80, 4, 0x95, 1, 2, 3 }, "pickle that torch.save did not write")]
    [InlineData(new byte[] { (byte)'h', (byte)'i', (byte)'\n' }, "a text file")]
    [InlineData(new byte[] { 0xca, 0xfe, 0xba, 0xbe }, "unknown or damaged format (it begins with CAFEBABE)")]
    public void A_foreign_file_is_told_by_its_content(byte[] file, string says)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["w.pth"], file);
        Fault fault = Assert.Throws<Fault>(() => WeightFile.Load(folder["w.pth"]));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.Contains(says, fault.Message);
        Assert.Contains(folder["w.pth"], fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no such file", Assert.Throws<Fault>(() => WeightFile.Load(folder["w"])).Message);
        Assert.Contains("it is a folder", Assert.Throws<Fault>(() => WeightFile.Load(folder.FullPath)).Message);
    }

    [Fact]
    public void The_content_decides_not_the_extension()
    {
        using TemporaryFolder folder = new();
        File.Copy(UFuserGolden.Weights, folder["weights.pth"]);
        Assert.Equal(347, WeightFile.Load(folder["weights.pth"]).Tensors.Count);
    }
}
