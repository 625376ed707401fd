using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Registration.Tests;

public sealed class RegistrationFileTests : IDisposable
{
    private const string Good =
        """
        {"version":1,"createdUtc":"2026-01-01T00:00:00Z","method":"scene",
         "infrared":{"width":640,"height":512,"lens":{"model":"none"}},
         "visible":{"width":1920,"height":1080,"lens":{"model":"none"}},
         "output":{"width":640,"height":360,"visibleToOutput":[[0.333333,0,-0.333333],[0,0.333333,-0.333333],[0,0,1]]},
         "infraredToVisible":[[2.5,0.01,30],[-0.01,2.5,-90],[0,0.00001,1]],
         "timeOffsetMs":12.5,"quality":{"score":0.55},"drift":{"baselineDx":0.0}}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_read_as_it_says()
    {
        RegistrationFile file = RegistrationFile.Load(Write(Good));
        Assert.Equal((new FrameSize(640, 512), new FrameSize(1920, 1080), new FrameSize(640, 360)), (file.Infrared, file.Visible, file.Output));
        Assert.Equal(TimeSpan.FromMilliseconds(12.5), file.TimeOffset);
        Assert.Equal(new Matrix3(2.5, 0.01, 30, -0.01, 2.5, -90, 0, 0.00001, 1), file.InfraredToVisible);
        Assert.Equal("scene", file.Method);
    }

    [Fact]
    public void What_is_saved_is_what_is_loaded()
    {
        RegistrationFile file = RegistrationFile.Load(Write(Good));
        file.Save(_folder["copy.json"]);
        Assert.Equal(file with { Origin = _folder["copy.json"] }, RegistrationFile.Load(_folder["copy.json"]));
        Assert.Equal(["copy.json", "registration.json"], _folder.Names);
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("{\"version\":1,", "no valid JSON (line 1")]
    [InlineData("[1,2]", "holds no JSON object")]
    [InlineData("{}", "version is missing")]
    [InlineData("{\"version\":2}", "version 2; this program reads version 1")]
    [InlineData("{\"version\":\"1\"}", "this program reads version 1")]
    [InlineData("{\"version\":1}", "infrared is missing; visible is missing; infraredToVisible is missing")]
    public void A_broken_file_is_refused(string text, string message) => AssertRefused(text, message);

    [Theory]
    [InlineData("\"width\":640,\"height\":512", "\"width\":0,\"height\":512", "infrared.width must be a whole number")]
    [InlineData("\"width\":1920", "\"width\":1e9", "visible.width must be a whole number")]
    [InlineData("[2.5,0.01,30]", "[0,0,0]", "cannot be inverted")]
    [InlineData("[2.5,0.01,30]", "[2.5,0.01]", "three rows of three finite numbers")]
    [InlineData("[2.5,0.01,30]", "[2.5,0.01,1e999]", "infraredToVisible")]
    [InlineData("[0.333333,0,-0.333333]", "[0.4,0,-0.333333]", "pure scale")]
    [InlineData("\"timeOffsetMs\":12.5", "\"timeOffsetMs\":\"soon\"", "timeOffsetMs must be a number")]
    [InlineData("\"timeOffsetMs\"", "\"timeOffset\"", "unknown key timeOffset")]
    [InlineData("\"model\":\"none\"}},\n \"visible", "\"model\":\"fisheye\"}},\n \"visible", "infrared.lens other than")]
    [InlineData("\"quality\"", "\"crop\":[0,0,1,1],\"quality\"", "crop is not supported yet")]
    [InlineData("\"quality\"", "\"profiles\":[],\"activeProfile\":\"far\",\"quality\"", "profiles is not supported yet; activeProfile is not supported yet")]
    public void An_impossible_value_is_refused_by_name(string part, string replacement, string message)
    {
        string text = Good.Replace("\r", "", StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
        AssertRefused(text.Replace(part, replacement, StringComparison.Ordinal), message);
    }

    [Fact]
    public void A_missing_file_is_refused_with_the_cure() =>
        Assert.Contains("no such file", Assert.Throws<Fault>(() => RegistrationFile.Load(_folder["none.json"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Streams_of_other_sizes_are_refused_naming_both()
    {
        RegistrationFile file = RegistrationFile.Load(Write(Good));
        Fault fault = Assert.Throws<Fault>(() => file.RequireSizes(new(320, 256), new(1920, 1080)));
        Assert.Contains("640x512", fault.Message, StringComparison.Ordinal);
        Assert.Contains("320x256", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Usage, fault.Kind);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_crash()
    {
        Random random = new(7);
        byte[] good = System.Text.Encoding.UTF8.GetBytes(Good);
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = good[..random.Next(1, good.Length + 1)];
            for (int k = 0; k < 3; k++)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            string path = _folder["registration.json"];
            File.WriteAllBytes(path, bad);
            Exception? error = Record.Exception(() => RegistrationFile.Load(path));
            Assert.True(error is null or Fault, $"{error}");
        }
    }

    private void AssertRefused(string text, string message)
    {
        Fault fault = Assert.Throws<Fault>(() => RegistrationFile.Load(Write(text)));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Equal(FaultKind.Usage, fault.Kind);
    }

    private string Write(string text)
    {
        File.WriteAllText(_folder["registration.json"], text);
        return _folder["registration.json"];
    }
}
