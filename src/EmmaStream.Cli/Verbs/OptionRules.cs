using System.CommandLine;

namespace EmmaStream.Cli.Verbs;

/// <summary>What holds for every option and argument of every verb: no text, and so no path, is empty.</summary>
internal static class OptionRules
{
    /// <summary>Puts the rule on a command and all below it.</summary>
    public static void Apply(Command command)
    {
        foreach (Option option in command.Options.Where(o => IsText(o.ValueType)))
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(t => t.Value.Length == 0))
                    result.AddError($"{option.Name} is empty; give {option.HelpName ?? "a value"}");
            });
        }
        foreach (Argument argument in command.Arguments.Where(a => IsText(a.ValueType)))
        {
            argument.Validators.Add(result =>
            {
                if (result.Tokens.Any(t => t.Value.Length == 0))
                    result.AddError($"{argument.Name} is empty; give {argument.HelpName ?? "a value"}");
            });
        }
        foreach (Command verb in command.Subcommands)
            Apply(verb);
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);
}
