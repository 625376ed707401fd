using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.Running;

/// <summary>A run that must be refused: one line, the right code, and nothing of the user's touched.</summary>
internal static class Refusal
{
    /// <summary>What lies at OUT before a run; a run that is refused must leave it so.</summary>
    public const string Before = "an older result";

    /// <summary>
    /// Runs the program in <paramref name="folder"/>, where a file lies at <paramref name="output"/>, and asserts the exit code, one line on standard error
    /// that holds every text, and a folder in which nothing changed.
    /// </summary>
    public static Task<CliRun> ExpectAsync(TemporaryFolder folder, int code, string[] texts, string output, params string[] arguments) =>
        ExpectAsync(new CliSettings { Folder = folder.FullPath }, folder, code, texts, output, arguments);

    /// <inheritdoc cref="ExpectAsync(TemporaryFolder, int, string[], string, string[])"/>
    public static async Task<CliRun> ExpectAsync(CliSettings settings, TemporaryFolder folder, int code, string[] texts, string output, params string[] arguments)
    {
        if (!File.Exists(folder[output]))
            File.WriteAllText(folder[output], Before);
        string[] before = Contents(folder);
        CliRun run = await CliRun.InAsync(settings, arguments);
        Assert.True(run.Code == code, $"exit code {run.Code} instead of {code}: {run.Errors}{run.Output}");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("emmastream: ", line, StringComparison.Ordinal);
        Assert.All(texts, text => Assert.Contains(text, line, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("", run.Output);
        Assert.Equal(before, Contents(folder));
        return run;
    }

    private static string[] Contents(TemporaryFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.FullPath, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => File.Exists(p) ? $"{p}: {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(p)))}" : p)];
}
