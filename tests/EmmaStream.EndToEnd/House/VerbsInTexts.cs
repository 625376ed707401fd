using System.Text.RegularExpressions;

namespace EmmaStream.EndToEnd.House;

/// <summary>Messages and documents send nobody to a verb that the program does not have.</summary>
public sealed class VerbsInTexts
{
    [Fact]
    public void Every_verb_that_a_text_names_exists()
    {
        string[] verbs = [.. Cli.CommandLine.Build().Subcommands.Select(c => c.Name)];
        foreach (string path in RepositoryFiles.In("src", ".cs").Concat(RepositoryFiles.In("docs", ".md")).Append("README.md").Append("CONTRIBUTING.md"))
        {
            string? unknown = Unknown(RepositoryFiles.Text(path), verbs);
            Assert.True(unknown is null, $"{path} names the verb '{unknown}', which does not exist");
        }
    }

    [Theory]
    [InlineData("make one with emmastream calibrate\"", "calibrate")]
    [InlineData("`emmastream nonsense`", "nonsense")]
    [InlineData("emmastream fuse --ir a", null)]
    public void A_verb_is_found_in_a_text(string text, string? unknown) => Assert.Equal(unknown, Unknown(text, ["fuse"]));

    private static string? Unknown(string text, string[] verbs) =>
        Regex.Matches(text, @"\bemmastream ([a-z]+)").Select(m => m.Groups[1].Value).FirstOrDefault(v => !verbs.Contains(v));
}
