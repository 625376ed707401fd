using System.Text.RegularExpressions;

namespace EmmaStream.EndToEnd.House;

/// <summary>What no source file of ours does. The rules read text, not meaning: where one is wrong, its list of exceptions is here.</summary>
public sealed class SourceHabits
{
    /// <param name="Name">What is not done, and what is instead.</param>
    /// <param name="Pattern">Regular expression.</param>
    /// <param name="Allowed">Files or folders that may.</param>
    /// <param name="Everywhere">Comments and strings count too.</param>
    private sealed record Rule(string Name, string Pattern, string[] Allowed, bool Everywhere = false);

    // In two parts, so that this file does not break its own rule.
    private const string MachinePaths = "(?<![A-Za-z0-9_.}/-])/(?:wor" + "k|roo" + "t)/";

    private static readonly Rule[] Rules =
    [
        new("Thread.Sleep: wait for what is awaited", @"\bThread\.Sleep\b", []),
        new("the system's clock: use a TimeProvider", @"\bDateTime(?:Offset)?\.(?:Utc)?Now\b", ["src/EmmaStream.Core/Time/UtcClock.cs"]),
        new("Console: log, or return what the CLI prints", @"(?<![.\w])Console\.\w", ["src/EmmaStream.Cli/"]),
        new("waiting by blocking: await", @"\.Result\b(?!\s*[({=])|\.Wait\(\s*\)|\.GetAwaiter\(\s*\)\s*\.GetResult\(", ["src/EmmaStream.Fusion/Cpu/Threads/WorkerPool.cs"]),
        new("async void: return a Task that someone awaits", @"\basync\s+void\b", []),
        new("#region: split the file", @"^\s*#region\b", []),
        new("a note without an issue number: write TODO(#12)", @"\b(?:TODO|FIXME|HACK)\b(?!\s*\(?#\d+)", [], Everywhere: true),
        new("a name that means anything: name what it knows", @"\b(?:class|struct|record|interface|enum)\s+\w*(?:Utils?|Helpers?|Manager)\b", []),
        new("a path of one machine", MachinePaths, [], Everywhere: true),
    ];

    private const string TimeProviders = @"(?:^|[._])(?:time|clock|timeProvider)$|TimeProvider";

    [Fact]
    public void No_source_file_has_a_bad_habit()
        => Assert.Empty(RepositoryFiles.In("src", ".cs").SelectMany(path => Objections(path, RepositoryFiles.Text(path))));

    [Fact]
    public void No_file_names_a_path_of_one_machine()
    {
        IEnumerable<string> files = RepositoryFiles.In(".", ".cs", ".md", ".sh", ".yml", ".json", ".props", ".targets", ".csproj", "")
            .Where(p => !p.EndsWith("packages.lock.json", StringComparison.Ordinal));
        Assert.DoesNotContain(files, path => Regex.IsMatch(RepositoryFiles.Text(path), MachinePaths));
    }

    [Theory]
    [InlineData("Thread.Sleep(5);")]
    [InlineData("await Task.Delay(wait, cancellationToken);")]
    [InlineData("await Task.Delay(timeout);")]
    [InlineData("await Task.Delay(Math.Max(a, time), cancellationToken);")]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.Now;")]
    [InlineData("Console.WriteLine(1);")]
    [InlineData("var x = task.Result;")]
    [InlineData("task.Wait();")]
    [InlineData("task.GetAwaiter().GetResult();")]
    [InlineData("private async void Go() { }")]
    [InlineData("    #region x")]
    [InlineData("// TODO: later")]
    [InlineData("public static class FrameUtils { }")]
    [InlineData("internal sealed record FrameHelper(int A);")]
    [InlineData("class PoolManager { }")]
    [InlineData("var s = \"a\\\"b\"; Thread.Sleep(1); // it's")]
    [InlineData("char c = '\"'; Thread.Sleep(1);")]
    [InlineData("var s = @\"a\\\"; Thread.Sleep(1);")]
    public void A_bad_habit_is_found(string code) => Assert.Single(Objections("src/EmmaStream.Core/X.cs", code));

    [Theory]
    [InlineData("await Task.Delay(wait, _time, cancellationToken);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), options.Clock, cancellationToken);")]
    [InlineData("await Task.Delay(F(a, b), TimeProvider.System);")]
    [InlineData("/// <summary>Unlike Thread.Sleep, ...</summary>")]
    [InlineData("var s = $\"{x}: Thread.Sleep\"; /* Console.Write */")]
    [InlineData("var s = \"\"\"\n  task.Wait();\n  \"\"\";")]
    [InlineData("AnsiConsole.Console.Write(1); FullMode = WhenFull.Wait;")]
    [InlineData("class Utilisation { } // TODO(#12) and TODO #12")]
    [InlineData("bool network = path.StartsWith(\"rtsp://a/root/b\");")]
    public void What_only_looks_like_one_is_not(string code) => Assert.Empty(Objections("src/EmmaStream.Core/X.cs", code));

    [Fact]
    public void The_exceptions_are_files_and_folders()
    {
        Assert.Empty(Objections("src/EmmaStream.Cli/Program.cs", "Console.WriteLine(1);"));
        Assert.Empty(Objections("src/EmmaStream.Core/Time/UtcClock.cs", "_ = DateTimeOffset.UtcNow;"));
        Assert.Single(Objections("src/EmmaStream.Core/PoolHelpers.cs", ""));
    }

    private static IEnumerable<string> Objections(string path, string text)
    {
        string code = SourceCode.CodeOnly(text);
        foreach (Rule rule in Rules.Where(r => !r.Allowed.Any(a => a.EndsWith('/') ? path.StartsWith(a, StringComparison.Ordinal) : path == a)))
        {
            foreach (Match match in Regex.Matches(rule.Everywhere ? text : code, rule.Pattern, RegexOptions.Multiline))
                yield return $"{path}:{LineAt(text, match.Index)}: {rule.Name}";
        }
        foreach (Match match in Regex.Matches(code, @"\bTask\.Delay\s*\("))
        {
            if (!SourceCode.Arguments(code, match.Index + match.Length - 1).Skip(1).Any(a => Regex.IsMatch(a, TimeProviders, RegexOptions.IgnoreCase)))
                yield return $"{path}:{LineAt(text, match.Index)}: Task.Delay without a TimeProvider";
        }
        if (Regex.IsMatch(Path.GetFileNameWithoutExtension(path), "(?:Utils?|Helpers?|Manager)$"))
            yield return $"{path}: a name that means anything: name what it knows";
    }

    private static int LineAt(string text, int index) => text.AsSpan(0, Math.Min(index, text.Length)).Count('\n') + 1;
}
