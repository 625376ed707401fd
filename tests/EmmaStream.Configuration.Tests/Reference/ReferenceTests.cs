using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmmaStream.Configuration.Reference;
using EmmaStream.Configuration.Tests.Sample;

namespace EmmaStream.Configuration.Tests.Reference;

public sealed class ReferenceTests
{
    private static readonly string Yaml = ReferenceGenerator.Yaml<SampleOptions>("The sample.", "sample.schema.json", SampleReading.Converters);
    private static readonly string Schema = ReferenceGenerator.JsonSchema<SampleOptions>("The sample", SampleReading.Converters);
    private static readonly string Markdown = ReferenceGenerator.Markdown<SampleOptions>("# The sample", SampleReading.Converters);

    [Theory]
    [InlineData("sample.yml")]
    [InlineData("sample.schema.json")]
    [InlineData("sample.md")]
    public void The_reference_is_as_approved(string name)
    {
        string text = Path.GetExtension(name) switch { ".yml" => Yaml, ".json" => Schema, _ => Markdown };
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "Approved", name)), text);
    }

    [Fact]
    public void The_commented_file_gives_the_defaults() => AssertDefaults(Yaml);

    [Fact]
    public void So_does_the_file_with_every_comment_sign_of_an_option_removed()
    {
        string uncommented = Regex.Replace(Yaml, "^( *)#(?=[A-Za-z])", "$1", RegexOptions.Multiline);
        Assert.NotEqual(Yaml, uncommented);
        AssertDefaults(uncommented);
    }

    [Fact]
    public void So_does_every_option_uncommented_alone()
    {
        string[] lines = Yaml.Split('\n');
        int tried = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = Regex.Replace(lines[i], "^( *)#(?=[A-Za-z])", "$1");
            if (line == lines[i])
                continue;
            AssertDefaults(string.Join('\n', [.. lines[..i], line, .. lines[(i + 1)..]]));
            tried++;
        }
        Assert.True(tried > 8);
    }

    [Fact]
    public void An_example_is_a_section_once_its_signs_are_removed()
    {
        string withExamples = Regex.Replace(Yaml, "^( *)# (?= *(#|[A-Za-z]+:( |$)|-$))", "$1", RegexOptions.Multiline)
            .Replace("REQUIRED", "rtsp://x", StringComparison.Ordinal).Replace("NAME:", "name:", StringComparison.Ordinal);
        SampleOptions options = SampleReading.Parse(withExamples).ValueOrThrow();
        Assert.Equal(new SamplePair { Infrared = new SampleSource { Url = "rtsp://x" } }, options.Streams["name"]);
        Assert.Equal([new SampleUser()], options.Users);
        Assert.Equal(new SampleRecord(), options.Record);
    }

    [Fact]
    public void An_option_without_a_summary_is_named()
        => Assert.Contains("Bare.Silent", Assert.Throws<InvalidOperationException>(() => ReferenceGenerator.Markdown<Bare>("x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("streams: {a: {infrared: {url: rtsp://x, delay: -1.5s}, pairing: {master: infrared, maxSkew: auto}}}")]
    [InlineData("fusion: {batch: 64, gain: 0.5, size: 640x480, preset: slow, color: false, threads: auto}")]
    [InlineData("fusion: {batch: \"${N}\", size: \"${S}\", preset: \"${P}\", color: \"${C}\", maxWait: \"${W}\"}")]
    [InlineData("users: [{name: me}, {}]\nrecord: {segment: 1h}\nlabels: [a, 5, true]\nlogFile: ~\nlogBytes: 5\n")]
    public void The_schema_lets_through_what_is_read(string text)
    {
        SampleReading.Parse(text, ("N", "7"), ("S", "4x4"), ("P", "fast"), ("C", "true"), ("W", "1s")).ValueOrThrow();
        Assert.Empty(SchemaCheck.Objections(JsonNode.Parse(Schema)!.AsObject(), text));
    }

    [Theory]
    [InlineData("fusion: {batch: 65}")]
    [InlineData("fusion: {batch: many}")]
    [InlineData("fusion: {size: 640*480}")]
    [InlineData("fusion: {preset: fats}")]
    [InlineData("fusion: {color: 1}")]
    [InlineData("fusion: {maxWait: 20}")]
    [InlineData("fusion: {bacth: 2}")]
    [InlineData("streams: {Hall: {infrared: {url: rtsp://x}}}")]
    [InlineData("streams: {a: {}}")]
    [InlineData("users: {name: a}")]
    [InlineData("zoom: 1")]
    public void The_schema_refuses_what_is_refused(string text)
    {
        Assert.NotEmpty(SampleReading.Parse(text).Problems);
        Assert.NotEmpty(SchemaCheck.Objections(JsonNode.Parse(Schema)!.AsObject(), text));
    }

    private static void AssertDefaults(string text)
        => Assert.Empty(OptionValues.ChangedPaths(new SampleOptions(), SampleReading.Parse(text).ValueOrThrow(), SampleReading.Converters));
}

public sealed record Bare
{
    public int Silent { get; init; }
}
