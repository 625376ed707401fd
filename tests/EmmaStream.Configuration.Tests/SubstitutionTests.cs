using EmmaStream.Configuration.Tests.Sample;

namespace EmmaStream.Configuration.Tests;

public sealed class SubstitutionTests
{
    [Fact]
    public void Variables_are_replaced_anywhere_in_a_value()
    {
        SampleOptions options = SampleReading.Parse(
            "streams: {a: {infrared: {url: \"rtsp://${USER}:${PASS}@cam/\"}}}\nfusion: {batch: \"${N}\", preset: \"${P}\"}\nlabels: [\"${N}${N}\", $5, \"$${N}\"]\n",
            ("USER", "me"), ("PASS", "a: [b"), ("N", "7"), ("P", "slow")).ValueOrThrow();
        Assert.Equal("rtsp://me:a: [b@cam/", options.Streams["a"].Infrared.Url);
        Assert.Equal(7, options.Fusion.Batch);
        Assert.Equal("slow", options.Fusion.Preset);
        Assert.Equal(["77", "$5", "${N}"], options.Labels);
    }

    [Fact]
    public void Files_are_read_from_the_folder_of_the_configuration_without_their_last_newline()
    {
        using TemporaryFile file = new("users: [{password: \"${file:secret}\"}]");
        File.WriteAllText(Path.Combine(file.Folder, "secret"), "correct horse battery\n");
        Assert.Equal("correct horse battery", YamlConfiguration.Load<SampleOptions>(file.Path, SampleReading.Settings()).ValueOrThrow().Users[0].Password);
    }

    [Theory]
    [InlineData("${ABSENT}", "users[0].password: ${ABSENT} is not set; set the environment variable")]
    [InlineData("${}", "${} is no variable")]
    [InlineData("${A-B}", "${A-B} is no variable")]
    [InlineData("x${A", "has a ${ without its }")]
    [InlineData("${file:absent.txt}", "${file:absent.txt} cannot be read: there is no such file")]
    [InlineData("${file:}", "cannot be read")]
    [InlineData("${file:/dev/zero}", "is larger than 65536 bytes")]
    [InlineData("${LONG}", "brings in too much text")]
    public void What_cannot_be_replaced_is_a_problem(string value, string why)
        => Assert.Contains(why, Assert.Single(SampleReading.ProblemsOf($"users: [{{password: \"{value}\"}}]", ("A", "1"), ("LONG", new string('x', 70_000)))), StringComparison.Ordinal);

    [Fact]
    public void What_is_brought_in_is_bounded_over_the_whole_file()
    {
        string text = $"labels: [{string.Join(", ", Enumerable.Repeat("\"${BIG}${BIG}\"", 20))}]";
        Assert.All(SampleReading.ProblemsOf(text, ("BIG", new string('x', 60_000))), p => Assert.Contains("too much text", p, StringComparison.Ordinal));
        Assert.NotEmpty(SampleReading.ProblemsOf(text, ("BIG", new string('x', 60_000))));
    }

    [Theory]
    [InlineData("users: [{password: \"${SECRET}\"}]", "hunter2 22")]                      // told by the record
    [InlineData("users: [{password: \"x${SECRET}\"}]", "hunter2")]
    [InlineData("users: [{password: \"${SECRET}\"}]", "two\nlines")]
    [InlineData("users: [{password: \"${SECRET}\"}]", "ab")]                          // short ones where they stand alone
    [InlineData("fusion: {batch: \"${SECRET}\"}", "9900")]                                // out of range
    [InlineData("fusion: {batch: \"${SECRET}\"}", "hunter2")]                             // not a number
    [InlineData("fusion: {preset: \"${SECRET}\"}", "fats")]                               // not a choice
    [InlineData("fusion: ${SECRET}", "hunter2")]                                      // not a section
    [InlineData("streams: ${SECRET}", "hunter2")]
    [InlineData("labels: ${SECRET}", "hunter2")]
    [InlineData("fusion: {maxWait: \"${SECRET}\"}", "0172810.0s")]                        // told by the record in another form
    [InlineData("streams: {a: {infrared: {url: \"http://${SECRET}@x\"}}}", "hunter2")]
    public void No_problem_shows_what_came_through_it(string text, string secret)
    {
        string[] problems = SampleReading.ProblemsOf(text, ("SECRET", secret));
        Assert.NotEmpty(problems);
        Assert.All(problems, p =>
        {
            foreach (string part in secret.Split('\n'))
                Assert.DoesNotContain(part.Length > 2 ? part : $"({part})", p, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Nor_does_it_show_another_form_of_it()
        => Assert.Equal("sample.yml:1: fusion.maxWait is ${SECRET} s, longer than fusion.budget (90 s); shorten it",
            Assert.Single(SampleReading.ProblemsOf("fusion: {maxWait: \"${SECRET}\"}", ("SECRET", "0172810.0s"))));

    [Fact]
    public void The_file_says_it_in_place_of_the_value()
        => Assert.Equal("sample.yml:1: users[0].password (${SECRET}) has 7 characters; give 12 or more",
            Assert.Single(SampleReading.ProblemsOf("users: [{password: \"${SECRET}\"}]", ("SECRET", "hunter2"))));
}
