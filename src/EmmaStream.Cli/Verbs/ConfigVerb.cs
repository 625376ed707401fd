using System.CommandLine;
using EmmaStream.Cli.Options;
using EmmaStream.Core.Files;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream config</c>: the reference of the configuration file, as it is made from the code.</summary>
internal static class ConfigVerb
{
    public static IReadOnlyList<string> Examples { get; } = ["emmastream config > emmastream.yml", "emmastream config --write ."];

    public static Command Build()
    {
        Option<string?> write = new("--write") { Description = "Renews the generated files of a checkout: configuration, schema and reference.", HelpName = "DIR" };
        Command command = new("config", "Prints a configuration file with every option and its default.") { write };
        command.SetAction(parsed =>
        {
            IReadOnlyDictionary<string, string> files = OptionsFile.Reference();
            if (parsed.GetValue(write) is not { } folder)
            {
                Console.Out.Write(files["config/emmastream.yml"]);
                return;
            }
            foreach ((string path, string text) in files)
            {
                CompleteFile.WriteText(Path.Combine(folder, path), text.TrimEnd('\n'));
                Console.Out.WriteLine(Path.Combine(folder, path));
            }
        });
        return command;
    }
}
