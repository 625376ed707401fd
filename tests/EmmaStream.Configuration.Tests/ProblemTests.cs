using System.Text;
using EmmaStream.Configuration.Tests.Sample;

namespace EmmaStream.Configuration.Tests;

public sealed class ProblemTests
{
    [Fact]
    public void All_problems_come_at_once_with_line_and_path()
    {
        string[] problems = SampleReading.ProblemsOf("""
            fusion:
              batch: many
              bacth: 3
              batch: 5
              maxWait: 20
              gain: 1.5
              size: 640*480
              preset: fats
              color: yes
              budget:
            streams:
              hall:
                visible: {url: [a]}
              Yard:
                infrared: {url: rtsp://x, delay: 11s}
                pairing: {master: infra-red}
            users: {name: x}
            zoom: 3
            """);
        Assert.Equal(
        [
            "sample.yml:2: fusion.batch is 'many'; expected a whole number",
            "sample.yml:3: fusion.bacth is not an option; did you mean batch?",
            "sample.yml:4: 'batch' was already set in line 2; keep one",
            "sample.yml:5: fusion.maxWait is '20'; expected a duration such as 20ms, 5s, 2m or 1h",
            "sample.yml:6: fusion.gain is '1.5'; allowed are 0 to 1",
            "sample.yml:7: fusion.size is '640*480'; expected a size such as 640x480, or auto",
            "sample.yml:8: fusion.preset is 'fats'; expected one of fast, slow (did you mean fast?)",
            "sample.yml:9: fusion.color is 'yes'; expected true or false",
            "sample.yml:10: fusion.budget has no value; write a duration such as 20ms, 5s, 2m or 1h or remove the line",
            "sample.yml:12: streams.hall.infrared is missing; it has no default",
            "sample.yml:13: streams.hall.visible.url is a list; expected text",
            "sample.yml:14: streams.Yard: the name is 'Yard'; expected 1 to 32 of a-z, 0-9 and -",
            "sample.yml:15: streams.Yard.infrared.delay is '11s'; allowed are -10s to 10s",
            "sample.yml:16: streams.Yard.pairing.master is 'infra-red'; expected one of visible-light, infrared (did you mean infrared?)",
            "sample.yml:17: users is a section; expected a list: [ ... ] or lines that begin with -",
            "sample.yml:18: zoom is not an option; known are streams, fusion, users, labels, record, logFile, logBytes",
        ], problems);
    }

    [Theory]
    [InlineData("hall_x")]
    [InlineData("xHall")]
    [InlineData("\"\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void A_name_fits_its_pattern_as_a_whole(string name)
        => Assert.Contains("expected 1 to 32 of", Assert.Single(SampleReading.ProblemsOf($"streams: {{{name}: {{infrared: {{url: rtsp://x}}}}}}")), StringComparison.Ordinal);

    [Fact]
    public void What_records_find_wrong_stands_at_the_line_of_the_option()
    {
        string[] problems = SampleReading.ProblemsOf("""
            streams:
              hall:
                infrared:
                  delay: 1s
                  url: http://x
            fusion:
              maxWait: 2m
            """);
        Assert.Equal(
        [
            "sample.yml:5: streams.hall.infrared.url is http://x; it begins with rtsp: or v4l2:",
            "sample.yml:7: fusion.maxWait is 120 s, longer than fusion.budget (90 s); shorten it",
        ], problems);
    }

    [Fact]
    public void A_record_is_not_asked_about_an_option_that_could_not_be_read()
        => Assert.Equal(["sample.yml:1: fusion.maxWait is 'long'; expected a duration such as 20ms, 5s, 2m or 1h"],
            SampleReading.ProblemsOf("fusion: {maxWait: long, budget: 1ms}"));

    [Theory]
    [InlineData("maxskew", "maxSkew")]
    [InlineData("max-skew", "maxSkew")]
    [InlineData("MAX_SKEW", "maxSkew")]
    [InlineData("mazSkwe", "maxSkew")]
    [InlineData("mastre", "master")]
    public void A_misspelt_key_finds_its_option(string written, string meant)
        => Assert.Contains($"did you mean {meant}?", SampleReading.ProblemsOf($"streams: {{a: {{infrared: {{url: rtsp://x}}, pairing: {{{written}: 1s}}}}}}")[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("fusion:\n\tbatch: 1\n", 2, "indents with spaces; replace the tab")]
    [InlineData("a: [1,\nb: 2", 1, "unclosed bracket")]
    [InlineData("fusion: {batch: ${N}}", 1, "a value with ${} needs quotes")]
    [InlineData("fusion: 'x", 1, "unexpected end of stream")]
    [InlineData("fusion:\n  batch: 1\n size: 2\n", 3, "not valid YAML")]
    [InlineData("fusion: {}\n---\nfusion: {}\n", 2, "a second document begins here")]
    [InlineData("fusion: *x\n", 1, "*x repeats nothing")]
    [InlineData("fusion: &x {size: *x}\n", 1, "*x repeats nothing")]
    [InlineData("? [a]\n: 1\n", 1, "a key must be a plain word")]
    [InlineData("\n<<: {}\n", 2, "merge keys (<<) are not supported")]
    [InlineData("fusion: !!map {}\n", 1, "tags (!name) have no meaning")]
    [InlineData("fusion: {}\n\0users: 5\n", 2, "control character (U+0000)")]
    [InlineData("- a\n", 1, "the file is a list; expected a section with streams, fusion")]
    [InlineData("hello\n", 1, "the file is 'hello'; expected a section")]
    public void Text_that_is_no_configuration_is_told_where_and_why(string text, int line, string why)
    {
        ConfigurationProblem problem = Assert.Single(SampleReading.Parse(text).Problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
        => Assert.Contains("nested more than 32 deep", Assert.Single(SampleReading.ProblemsOf("labels: " + new string('[', 100_000))), StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_multiply_are_counted_as_what_they_repeat()
    {
        StringBuilder bomb = new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        string problem = Assert.Single(SampleReading.ProblemsOf(bomb.ToString()));
        Assert.Contains("holds more than 20000 values", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beyond_the_bound_is_refused()
    {
        using TemporaryFile file = new(new string('#', 2000));
        ConfigurationSettings settings = SampleReading.Settings() with { MaxBytes = 1999 };
        Assert.Contains("is larger than 1999 bytes", Assert.Single(YamlConfiguration.Load<SampleOptions>(file.Path, settings).Problems).Message, StringComparison.Ordinal);
        Assert.Empty(YamlConfiguration.Load<SampleOptions>(file.Path, settings with { MaxBytes = 2000 }).Problems);
    }

    [Theory]
    [InlineData("absent.yml", "there is no such file")]
    [InlineData(".", "access is denied, or it is a folder")]
    [InlineData("not-utf8.yml", "is not UTF-8 text")]
    public void A_file_that_cannot_be_read_is_a_problem(string name, string why)
    {
        using TemporaryFile file = new("", "not-utf8.yml");
        File.WriteAllBytes(file.Path, [0x61, 0x3A, 0x20, 0xFF]);
        string path = Path.Combine(file.Folder, name);
        ConfigurationProblem problem = Assert.Single(YamlConfiguration.Load<SampleOptions>(path).Problems is { Count: 1 } p ? p : []);
        Assert.Equal(path, problem.Origin);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_throwing_form_carries_them_all()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => SampleReading.Parse("x: 1\ny: 2\n").ValueOrThrow());
        Assert.Equal(2, e.Problems.Count);
        Assert.Equal(2, e.Message.Split('\n').Length);
    }

    [Fact]
    public void The_password_of_an_address_is_not_shown()
        => Assert.DoesNotContain("hunter22", string.Join("", SampleReading.ProblemsOf("fusion: {batch: \"rtsp://me:hunter22@cam/\"}\nstreams: {a: {infrared: {url: \"http://me:hunter22@cam/\"}}}\n")), StringComparison.Ordinal);

    private sealed record Checked
    {
        public int First { get; init; } = 1;
        public IReadOnlyList<string> Names { get; init; } = [];

        internal IEnumerable<string> Problems(string path) =>
            [$"{path}.first is {First}", $"{path}.first is odd", $"{path}.names[1] is double", $"{path}: nothing fits", "Nothing at all"];
    }

    [Fact]
    public void The_root_may_check_itself_and_every_sentence_stands()
        => Assert.Equal(["x:1: nothing fits", "x:1: Nothing at all", "x:2: first is 3", "x:2: first is odd", "x:5: names[1] is double"],
            YamlConfiguration.Parse<Checked>("\nfirst: 3\nnames:\n  - a\n  - b\n", "x").Problems.Select(p => p.ToString()));

    private sealed record Recursive { public Recursive? Inner { get; init; } }
    private sealed record Unknown { public Uri? Address { get; init; } }
    private sealed record Misspelt { internal int Problems() => 0; }
    private sealed record WrongRange { [System.ComponentModel.DataAnnotations.Range(1, 2)] public TimeSpan Time { get; init; } }

    [Fact]
    public void Records_that_no_file_can_fill_are_refused_as_our_defect()
    {
        Assert.Throws<NotSupportedException>(() => YamlConfiguration.Parse<Recursive>("", "x"));
        Assert.Throws<NotSupportedException>(() => YamlConfiguration.Parse<Unknown>("", "x"));
        Assert.Throws<NotSupportedException>(() => YamlConfiguration.Parse<Misspelt>("", "x"));
        Assert.Throws<NotSupportedException>(() => YamlConfiguration.Parse<WrongRange>("", "x"));
    }
}
