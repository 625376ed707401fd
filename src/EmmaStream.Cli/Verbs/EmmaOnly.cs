using System.CommandLine;

namespace EmmaStream.Cli.Verbs;

/// <summary>Options that mean something to EMMA's network alone. Given for another method they would be ignored: better said.</summary>
/// <param name="options">These options of a verb.</param>
internal sealed class EmmaOnly(params Option[] options)
{
    /// <summary>What is wrong when <paramref name="fuser"/>, or a list of fusers, has no emma in it.</summary>
    public IEnumerable<string> Problems(ParseResult parsed, string fuser)
    {
        string[] given = [.. options.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
        if (given.Length > 0)
            yield return $"{string.Join(" and ", given)} {(given.Length == 1 ? "is" : "are")} for --fuser emma, but the fuser is {fuser}; add --fuser emma, or leave {(given.Length == 1 ? "it" : "them")} out";
    }
}
