using System.CommandLine;
using System.Text.Json;
using EmmaStream.Configuration.Converters;

namespace EmmaStream.Cli.Verbs;

/// <summary>Options whose values are told apart by names, as the configuration file writes them, with completion and an error that lists them.</summary>
internal static class Choice
{
    /// <summary>An option over an enumeration, in kebab-case; null when it is not given.</summary>
    public static Option<T?> Of<T>(string name, string description) where T : struct, Enum =>
        Of(name, description, Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()), v => v));

    /// <summary>An option over named values; null when it is not given.</summary>
    public static Option<T?> Of<T>(string name, string description, IReadOnlyDictionary<string, T> values) where T : struct
    {
        string allowed = string.Join('|', values.Keys);
        Option<T?> option = new(name)
        {
            Description = description,
            HelpName = allowed,
            CustomParser = result =>
            {
                if (values.TryGetValue(result.Tokens[^1].Value, out T value))
                    return value;
                result.AddError($"{name} is '{result.Tokens[^1].Value}'; allowed are {string.Join(", ", values.Keys)}");
                return null;
            },
        };
        option.CompletionSources.Clear();   // the library would offer the names as the code spells them, too
        option.CompletionSources.Add(_ => values.Keys.Select(v => new System.CommandLine.Completions.CompletionItem(v)));
        return option;
    }

    /// <summary>An option for a time: seconds, or a duration such as 20ms, 5s, 1h; null when it is not given.</summary>
    public static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (DurationText.TryParse(text, out TimeSpan time) || DurationText.TryParse(text + "s", out time))
                return time;
            result.AddError($"{name} is '{text}'; give seconds, or a duration such as 20ms, 5s or 1h");
            return null;
        },
    };
}
