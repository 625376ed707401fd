using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EmmaStream.Cli;

/// <summary>The library's help, followed by examples that run.</summary>
/// <param name="inner">The library's help.</param>
/// <param name="examples">Command lines by verb.</param>
internal sealed class HelpWithExamples(HelpAction inner, IReadOnlyDictionary<string, IReadOnlyList<string>> examples) : SynchronousCommandLineAction
{
    // Who asks for help need not have given what is required.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        if (!examples.TryGetValue(parseResult.CommandResult.Command.Name, out IReadOnlyList<string>? lines))
            return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string line in lines)
            output.WriteLine($"  {line}");
        return code;
    }
}
