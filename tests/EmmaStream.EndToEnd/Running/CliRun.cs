using System.Text.RegularExpressions;

namespace EmmaStream.EndToEnd.Running;

/// <summary>What one run of the built program gave.</summary>
/// <param name="Code">Exit code; 128 + n where signal n ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed partial record CliRun(int Code, string Output, string Errors)
{
    /// <summary>Lines of standard error, without the progress that a slow machine gets to see.</summary>
    public string[] ErrorLines => [.. Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !Progress().IsMatch(line))];

    /// <summary>Runs the program to its end, in a folder, and asserts that no child of it lives on.</summary>
    public static Task<CliRun> InAsync(string folder, params string[] arguments) => InAsync(new CliSettings { Folder = folder }, arguments);

    /// <summary>Runs the program to its end and asserts that no child of it lives on.</summary>
    public static async Task<CliRun> InAsync(CliSettings settings, params string[] arguments)
    {
        await using RunningCli cli = RunningCli.Start(settings, arguments);
        return await cli.EndAsync();
    }

    [GeneratedRegex(@"^\d+ (of \d+ )?frames, [\d.]+ fps")]
    private static partial Regex Progress();

    /// <summary>Runs the program and asserts that it succeeds.</summary>
    public static async Task<CliRun> DoneInAsync(string folder, params string[] arguments)
    {
        CliRun run = await InAsync(folder, arguments);
        Assert.True(run.Code == 0, $"emmastream {string.Join(' ', arguments)} ended with {run.Code}: {run.Errors}{run.Output}");
        return run;
    }
}

/// <summary>How a run of the program is started.</summary>
internal sealed record CliSettings
{
    /// <summary>Its working folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Variables that it gets beside ours; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The program; default the one that was built with these tests.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "emmastream");

    /// <summary>What starts it, with arguments of its own: setsid, setpriv.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];
}
