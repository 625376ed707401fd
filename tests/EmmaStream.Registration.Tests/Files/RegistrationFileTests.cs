using System.Text;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Registration.Files;
using EmmaStream.Testing;

namespace EmmaStream.Registration.Tests.Files;

public sealed class RegistrationFileTests
{
    private const string Whole = """
        {"version":1,"createdUtc":"2026-01-01T00:00:00Z","method":"scene",
         "infrared":{"width":640,"height":512,"lens":{"model":"none"}},
         "visible":{"width":1920,"height":1080,"lens":{"model":"none"}},
         "output":{"width":640,"height":360,"visibleToOutput":[[0.333333,0,-0.333333],[0,0.333333,-0.333333],[0,0,1]]},
         "infraredToVisible":[[3,0,1],[0,2.1,0.5],[0.00001,0,1]],
         "timeOffsetMs":-12.5,"quality":{"score":0.55,"drop":0.16,"frames":8,"disjointAgreementPx":0.9,"accepted":true},
         "drift":{"baselineDx":0.5,"baselineDy":-1.0,"baselineScore":0.55}}
        """;

    private const string Least = """{"version":1,"infrared":{"width":640,"height":512},"visible":{"width":1920,"height":1080},"infraredToVisible":[[1,0,0],[0,1,0],[0,0,1]]}""";

    [Fact]
    public void The_documented_file_is_read_whole()
    {
        RegistrationFile file = Parse(Whole);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), file.CreatedUtc);
        Assert.Equal("scene", file.Method);
        Assert.Equal((new FrameSize(640, 512), new FrameSize(1920, 1080), new FrameSize(640, 360)), (file.Infrared, file.Visible, file.Output));
        Assert.Equal(new Homography(3, 0, 1, 0, 2.1, 0.5, 0.00001, 0, 1), file.InfraredToVisible);
        Assert.Equal(-12.5, file.TimeOffsetMs);
        Assert.Equal(new RegistrationQuality(0.55, 0.16, 8, 0.9, true), file.Quality);
        Assert.Equal(new DriftBaseline(0.5, -1, 0.55), file.Drift);
        (double x, double y) = file.InfraredToOutput.Map(0, 0);
        Assert.Equal(0, x, 1e-9);        // visible 1 is the middle pixel of the first block of three
        Assert.Equal(-1.0 / 6, y, 1e-9);
    }

    [Fact]
    public void What_may_be_left_out_has_a_default()
    {
        RegistrationFile file = Parse(Least);
        Assert.Equal(file.Visible, file.Output);
        Assert.Equal(("manual", 0, null, null, null), (file.Method, file.TimeOffsetMs, file.Quality, file.Drift, file.CreatedUtc));
    }

    [Fact]
    public void A_saved_file_reads_back_alike_and_replaces_an_older_one()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["registration.json"], "old");
        RegistrationFile file = Parse(Whole) with { InfraredToVisible = new(1.0 / 3, 1e-17, -7, 0.1, 0.2, 1e9, 1e-6, -1e-6, 1) };
        file.Save(folder["registration.json"]);
        RegistrationFile read = RegistrationFile.Load(folder["registration.json"]);
        Assert.Equal(file with { Path = folder["registration.json"] }, read);
        Assert.Equal(["registration.json"], folder.Names);
        Parse(Least).Save(folder["least.json"]);
        Assert.Equal(Parse(Least) with { Path = folder["least.json"] }, RegistrationFile.Load(folder["least.json"]));
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "is of version 2; this program reads version 1")]
    [InlineData("\"version\":1", "\"version\":\"1\"", "no version number")]
    [InlineData("\"version\":1,", "", "no version number")]
    [InlineData("{\"model\":\"none\"}},\n \"visible\"", "{\"model\":\"brown\",\"fx\":700}},\n \"visible\"", "infrared.lens.model 'brown' is not supported yet")]
    [InlineData("{\"model\":\"none\"}},\n \"output\"", "{\"model\":\"fisheye\"}},\n \"output\"", "visible.lens.model 'fisheye' is not supported yet")]
    [InlineData("{\"model\":\"none\"}},\n \"output\"", "{}},\n \"output\"", "visible.lens.model is missing")]
    [InlineData("\"timeOffsetMs\"", "\"profiles\":[],\"timeOffsetMs\"", "profiles is not supported yet")]
    [InlineData("\"timeOffsetMs\"", "\"activeProfile\":\"far\",\"timeOffsetMs\"", "activeProfile is not supported yet")]
    [InlineData("\"timeOffsetMs\"", "\"crop\":[0,0,640,360],\"timeOffsetMs\"", "crop is not supported yet")]
    [InlineData("\"timeOffsetMs\"", "\"timeoffsetMs\"", "timeoffsetMs is unknown")]
    [InlineData("\"timeOffsetMs\":-12.5", "\"timeOffsetMs\":1e999", "timeOffsetMs is not finite")]
    [InlineData("\"timeOffsetMs\":-12.5", "\"timeOffsetMs\":\"5\"", "timeOffsetMs is no JSON number")]
    [InlineData("\"width\":640,\"height\":512", "\"width\":0,\"height\":51.5", "2 problems: infrared.width is 0; allowed are whole numbers 1 to 16384; infrared.height is 51.5")]
    [InlineData("\"width\":1920,", "", "visible.width is missing")]
    [InlineData("[0.00001,0,1]", "[0,0,0]", "infraredToVisible has determinant 0")]
    [InlineData("[[3,0,1],[0,2.1,0.5],[0.00001,0,1]]", "[[1e-4,0,0],[0,1e-3,0],[0,0,1]]", "infraredToVisible has determinant 1e-7")]
    [InlineData("[0.00001,0,1]", "[1e999,0,1]", "infraredToVisible holds a number that is not finite")]
    [InlineData("[0.00001,0,1]", "[0,1]", "infraredToVisible is not three rows of three numbers")]
    [InlineData("[0.00001,0,1]", "[0,0,\"1\"]", "not finite")]
    [InlineData("[[0.333333,", "[[0.5,", "output.visibleToOutput is not the plain scale from 1920x1080 to 640x360")]
    [InlineData("[[0.333333,0,", "[[0.333333,0.01,", "output.visibleToOutput is not the plain scale")]
    [InlineData("\"width\":640,\"height\":360", "\"width\":640,\"height\":480", "output.visibleToOutput is not the plain scale from 1920x1080 to 640x480")]
    [InlineData("\"scene\"", "\"guess\"", "method 'guess'")]
    [InlineData("2026-01-01T00:00:00Z", "yesterday", "createdUtc is not a time")]
    [InlineData("\"baselineDx\":0.5,", "", "drift.baselineDx is missing")]
    public void What_does_not_hold_is_refused_in_one_line(string part, string replacement, string expected)
    {
        string json = Whole.ReplaceLineEndings("\n");
        Assert.Contains(part, json, StringComparison.Ordinal);
        AssertRefused(json.Replace(part, replacement, StringComparison.Ordinal), expected);
    }

    [Fact]
    public void All_problems_are_named_at_once() =>
        AssertRefused(
            """{"version":1,"infrared":{"width":640,"height":512,"lens":{"model":"brown"}},"visible":{"width":-1,"height":1080},"crop":[0,0,1,1],"infraredToVisible":[[0,0,0],[0,1,0],[0,0,1]]}""",
            "4 problems: crop is not supported yet: take it out; infrared.lens.model 'brown' is not supported yet: only 'none' is; visible.width is -1; allowed are whole numbers 1 to 16384; infraredToVisible has determinant 0");

    [Theory]
    [InlineData("{\n \"version\": 1,\n \"infrared\": }", "line 3, column 14")]
    [InlineData("", "the file is empty")]
    [InlineData("{\"version\":1", "line 1")]
    [InlineData("{\"version\":1,\"version\":1}", "no valid JSON")]
    [InlineData("{\"version\":1,\"\\ud800\":1}", "no Unicode")]
    [InlineData("[1]", "holds no JSON object")]
    [InlineData("\u0000\u0001garbage", "no valid JSON")]
    public void Broken_json_is_refused_with_its_place(string json, string expected) => AssertRefused(json, expected);

    [Fact]
    public void A_missing_a_huge_and_a_random_file_are_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("cannot be read", Assert.Throws<Fault>(() => RegistrationFile.Load(folder["absent.json"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["huge.json"], new byte[2 << 20]);
        Assert.Contains("too many", Assert.Throws<Fault>(() => RegistrationFile.Load(folder["huge.json"])).Message, StringComparison.Ordinal);
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        Random random = new(4);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. whole];
            for (int k = 0; k < 3; k++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                RegistrationFile.Parse(damaged, "registration.json");
            }
            catch (Fault fault)
            {
                Assert.Equal(FaultKind.Usage, fault.Kind);
            }
        }
    }

    [Fact]
    public void Streams_of_other_sizes_are_refused_with_file_and_sizes()
    {
        RegistrationFile file = Parse(Whole);
        file.ThrowUnlessFits(new(640, 512), new(1920, 1080));
        Fault fault = Assert.Throws<Fault>(() => file.ThrowUnlessFits(new(640, 480), new(1920, 1080)));
        Assert.Equal((FaultKind.Usage, "registration.json: it was made for an infrared of 640x512, the stream has 640x480. Make the file anew for these sizes (docs/CLI.md says how), or set the cameras back"), (fault.Kind, fault.Message));
        fault = Assert.Throws<Fault>(() => file.ThrowUnlessFits(new(1, 2), new(3, 4)));
        Assert.Contains("1920x1080, the stream has 3x4", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_output_fault()
    {
        using TemporaryFolder folder = new();
        Fault fault = Assert.Throws<Fault>(() => Parse(Least).Save(folder["absent/registration.json"]));
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.Empty(folder.Names);
    }

    private static RegistrationFile Parse(string json) => RegistrationFile.Parse(Encoding.UTF8.GetBytes(json), "registration.json");

    private static void AssertRefused(string json, string expected)
    {
        Fault fault = Assert.Throws<Fault>(() => Parse(json));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.StartsWith("registration.json: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.DoesNotContain("calibrate", fault.Message, StringComparison.OrdinalIgnoreCase);   // no such verb yet: the cure must be doable
        Assert.Contains("docs/CLI.md", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_in_the_documents_is_a_registration()
    {
        string text = File.ReadAllText(Repository.PathOf("docs", "CLI.md"));
        string json = text[text.IndexOf("### registration.json", StringComparison.Ordinal)..].Split("```json")[1].Split("```")[0];
        RegistrationFile file = Parse(json);
        Assert.Equal((new FrameSize(640, 512), new FrameSize(1920, 1080)), (file.Infrared, file.Visible));
    }
}
