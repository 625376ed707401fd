using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>What the program prints and what the documents say about it: approved, generated, or runnable.</summary>
public sealed class TextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("")]
    [InlineData("fuse")]
    [InlineData("check")]
    [InlineData("bench")]
    [InlineData("evaluate")]
    [InlineData("testpattern")]
    [InlineData("config")]
    [InlineData("train")]
    [InlineData("models")]
    [InlineData("models list")]
    [InlineData("models show")]
    [InlineData("models import")]
    [InlineData("models export")]
    [InlineData("models average")]
    public async Task Help_is_as_approved(string verb)
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, [.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal("", run.Errors);
        Approved.Equal($"help{(verb.Length == 0 ? "" : "-")}{verb.Replace(' ', '-')}", run.Output);
    }

    [Fact]
    public async Task The_report_has_the_approved_schema_in_the_file_and_on_the_console()
    {
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "a.png", "--vi", "a.png", "-o", "o.png", "--json", "--report", "r.json");
        Assert.Equal(run.Output, File.ReadAllText(_folder["r.json"]));
        using JsonDocument report = JsonDocument.Parse(run.Output);
        StringBuilder schema = new();
        Describe(report.RootElement, "", schema);
        Approved.Equal("report-schema", schema.ToString());
    }

    [Fact]
    public async Task The_generated_files_are_what_the_program_generates()
    {
        foreach (string folder in new[] { "config", "docs" })
            Directory.CreateDirectory(_folder[folder]);
        await CliRun.DoneInAsync(_folder.FullPath, "config", "--write", ".");
        foreach (string file in new[] { "config/emmastream.yml", "config/emmastream.schema.json", "docs/CONFIGURATION.md", "config/train-options.yml", "config/train.schema.json" })
            Assert.Equal(File.ReadAllText(Repository.PathOf(file)), File.ReadAllText(_folder[file]));
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "config");
        Assert.Equal(File.ReadAllText(Repository.PathOf("config/emmastream.yml")), run.Output);
    }

    [Fact]
    public async Task The_configuration_of_defaults_can_be_read()
    {
        File.Copy(Repository.PathOf("config", "emmastream.yml"), _folder["c.yml"]);
        await CliRun.DoneInAsync(_folder.FullPath, "check", "--config", "c.yml");
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("samples/README.md")]
    [InlineData("docs/CLI.md")]
    [InlineData("docs/PERFORMANCE.md")]
    [InlineData("docs/METRICS.md")]
    [InlineData("docs/TRAINING.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_command_in_a_document_is_understood(string document)
    {
        string path = Repository.PathOf(document);
        Assert.SkipUnless(File.Exists(path), $"{document} is not there yet");
        RootCommand root = Cli.CommandLine.Build();
        foreach (string command in Commands(File.ReadAllText(path)))
            Assert.True(root.Parse(command).Errors.Count == 0, $"{document}: {command}: {string.Join("; ", root.Parse(command).Errors.Select(e => e.Message))}");
    }

    [Fact]
    public void A_command_in_a_document_is_found_and_a_wrong_one_refused()
    {
        string text = "x\n```\n./emmastream fuse --ir a \\\n  --vi b -o c   # fuses\nls\nemmastream nonsense --x\n```\nUse `emmastream fuse`.";
        Assert.Equal(["fuse --ir a --vi b -o c", "nonsense --x"], Commands(text));
        Assert.NotEmpty(Cli.CommandLine.Build().Parse("nonsense --x").Errors);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "--version");
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    public void Dispose() => _folder.Dispose();

    // Command lines of our program: whole lines, as code blocks have them. A verb's name in a sentence is no command.
    private static IEnumerable<string> Commands(string text)
    {
        string joined = Regex.Replace(text, @"\\\n\s*", "");
        foreach (Match match in Regex.Matches(joined, @"^(?:\./)?emmastream ([^\n]*\S)", RegexOptions.Multiline))
        {
            string command = Regex.Replace(match.Groups[1].Value, @"\s+#.*$|\s+>.*$|\s*\|.*$", "").Trim();
            // VERB, LIST and the like stand for what a reader fills in.
            if (!Regex.IsMatch(command, @"\bVERB\b|\[|\.\.\."))
                yield return Regex.Replace(command, @"\s+", " ");
        }
    }

    private static void Describe(JsonElement element, string path, StringBuilder schema)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                Describe(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", schema);
            if (!element.EnumerateObject().Any())
                schema.Append(path).Append(": object\n");
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0)
        {
            schema.Append(path).Append("[]: array\n");
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            Describe(element[0], path + "[]", schema);
        }
        else
        {
            schema.Append(path).Append(": ").Append(element.ValueKind.ToString().ToLowerInvariant()).Append('\n');
        }
    }
}
