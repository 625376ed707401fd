using System.CommandLine;
using EmmaStream.Cli.Checking;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream check</c>: what is installed, what the sources deliver, what would run, and how fast.</summary>
internal sealed class CheckVerb
{
    private readonly Option<string?> _infrared = new("--ir") { Description = "An infrared video, picture or folder to look at.", HelpName = "PATH" };
    private readonly Option<string?> _visible = new("--vi") { Description = "A visible video, picture or folder to look at.", HelpName = "PATH" };
    private readonly Option<string?> _registration = new("--registration") { Description = "A registration.json to hold against them.", HelpName = "FILE" };
    private readonly Option<string?> _config = new("--config") { Description = "A configuration file to check; its sources are looked at too.", HelpName = "FILE" };
    private readonly Option<string?> _model = new("--model") { Description = "EMMA's weights to check and to time.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON." };

    public CheckVerb()
    {
        Command = new Command("check", "Says what is installed, what each source delivers, which engine would be used and how fast it is.")
        {
            _infrared, _visible, _registration, _config, _model, _json,
        };
        Command.SetAction((parsed, cancellationToken) => SystemCheck.ExecuteAsync(
            new CheckRequest(
                parsed.GetValue(_infrared), parsed.GetValue(_visible), parsed.GetValue(_registration), parsed.GetValue(_config), parsed.GetValue(_model), parsed.GetValue(_json)),
            cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream check",
        "emmastream check --ir ir.mp4 --vi vi.mp4 --registration registration.json",
        "emmastream check --config config/emmastream.yml --json",
    ];

    public Command Command { get; }
}
