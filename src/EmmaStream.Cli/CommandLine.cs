using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using EmmaStream.Cli.Verbs;
using EmmaStream.Configuration;
using EmmaStream.Core.Faults;

namespace EmmaStream.Cli;

/// <summary>The verbs of <c>emmastream</c> and the one place where an error becomes a line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        StandardStreams.Install();
        RootCommand root = Build();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string problems = string.Join(' ', parsed.Errors.Select(e => InOurWords(e.Message)).Distinct());
            await Console.Error.WriteLineAsync($"emmastream: {problems} See {Path(parsed)} --help").ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        // Stopping is ours (Signals): a drain may take longer than the library would wait.
        InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (ConfigurationException e)
        {
            foreach (ConfigurationProblem problem in e.Problems)
                await Console.Error.WriteLineAsync($"emmastream: {problem}").ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (Fault e)
        {
            await Console.Error.WriteLineAsync($"emmastream: {e.Message}").ConfigureAwait(false);
            return ExitCodes.Of(e);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"emmastream: a defect of ours, please report it: {e}").ConfigureAwait(false);
            return ExitCodes.Defect;
        }
    }

    /// <summary>The whole grammar.</summary>
    internal static RootCommand Build()
    {
        (Command Command, IReadOnlyList<string> Examples)[] verbs =
        [
            (new FuseVerb().Command, FuseVerb.Examples),
            (new CheckVerb().Command, CheckVerb.Examples),
            (new BenchVerb().Command, BenchVerb.Examples),
            (new EvaluateVerb().Command, EvaluateVerb.Examples),
            (new TrainVerb().Command, TrainVerb.Examples),
            (ModelsVerb.Build(), ModelsVerb.Examples),
            (ConfigVerb.Build(), ConfigVerb.Examples),
            (new TestPatternVerb().Command, TestPatternVerb.Examples),
        ];
        RootCommand root = new("Fuses an infrared and a visible video stream into one picture.");
        foreach ((Command command, _) in verbs)
            root.Add(command);
        OptionRules.Apply(root);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, verbs.ToDictionary(v => v.Command.Name, v => v.Examples));
        return root;
    }

    // The library names .NET's types where it wants a number.
    private static string InOurWords(string message) => Regex.Replace(
        message.ReplaceLineEndings(" ").TrimEnd('.') + ".", @" as expected type '(?:System\.Nullable`1\[)?System\.(\w+)\]?'",
        m => m.Groups[1].Value is "Int32" or "Int64" ? ": give a whole number" : ": give a number");

    private static string Path(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
            path = $" {command.Command.Name}{path}";
        return "emmastream" + path;
    }
}
