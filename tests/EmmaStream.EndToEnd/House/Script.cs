using System.Diagnostics;

namespace EmmaStream.EndToEnd.House;

/// <summary>Runs one of the repository's bash scripts to its end.</summary>
internal static class Script
{
    /// <summary>Exit code, and what it wrote: output, then errors.</summary>
    public static (int Code, string Output) Run(string script, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new("/bin/bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        string errors = "";
        process.ErrorDataReceived += (_, line) => errors += line.Data is null ? "" : line.Data + "\n";
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors);
    }
}
