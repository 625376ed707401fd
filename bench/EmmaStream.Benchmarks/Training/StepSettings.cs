using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Torch.Devices;
using EmmaStream.Training.Options;

namespace EmmaStream.Benchmarks.Training;

/// <summary>What the step times are asked for.</summary>
/// <param name="Device">cpu or cuda, as a training's configuration writes it.</param>
/// <param name="Threads">Threads that rows are made for; on CUDA one set of rows with the threads as they are: null.</param>
/// <param name="Rounds">Timed rounds, at least 1.</param>
internal sealed record StepSettings(string Device, IReadOnlyList<int?> Threads, int Rounds)
{
    private const int RoundsOnCpu = 5, RoundsOnCuda = 7;

    private static readonly PatchShape[] Small = [new(4, 64), new(4, 96), new(4, 128), new(8, 64), new(16, 64)], Large = [new(16, 128), new(32, 128)];

    public bool UsesCuda => Device.StartsWith("cuda", StringComparison.Ordinal);

    /// <summary>Calls of a shape that are discarded: the first is up to ten times slower, and on CUDA the host's code must be past tiered compilation.</summary>
    public int WarmUps => UsesCuda ? 4 : 1;

    /// <summary>Shapes of the U-Fuser's table.</summary>
    public IEnumerable<PatchShape> FuserShapes => UsesCuda ? [.. Small, .. Large] : Small;

    /// <summary>Shapes of the sensing networks' table.</summary>
    public IEnumerable<PatchShape> SensingShapes => UsesCuda ? [new(4, 64), new(8, 64), new(4, 128), .. Large] : [new(4, 64), new(8, 64), new(4, 128)];

    /// <summary>Shapes of the EMMA phase's table.</summary>
    public IEnumerable<PatchShape> EmmaShapes => UsesCuda ? [new(4, 64), .. Large] : [new(4, 64)];

    /// <summary>A training's options with these networks, on the device.</summary>
    public TrainingOptions Options(int sensingWidth, IEnumerable<PhaseOptions> phases) =>
        new() { Device = Device, Sensing = new SensingOptions { Width = sensingWidth }, Phases = [.. phases] };

    /// <summary>The name of a row.</summary>
    public string Row(string name, int? threads) => threads is { } count ? $"{name}, {Counted.Of(count, "thread")}" : name;

    /// <summary>Reads [--device cpu|cuda[:N]] [--threads LIST] [--rounds N].</summary>
    /// <exception cref="Fault">Something else stands there.</exception>
    public static StepSettings Read(ReadOnlySpan<string> args)
    {
        (string device, string? threads, int? rounds) = ("cpu", null, null);
        for (int at = 0; at < args.Length; at += 2)
        {
            string value = at + 1 < args.Length ? args[at + 1] : throw Fault.Usage($"{args[at]} has no value; give one");
            switch (args[at])
            {
                case "--device" when DeviceChoice.Parse(value).Type is not null:
                    device = value;
                    break;
                case "--threads":
                    threads = value;
                    break;
                case "--rounds":
                    rounds = Number("--rounds", value, 1000);
                    break;
                default:
                    throw Fault.Usage($"training: {args[at]} {value} is not an option; allowed are --device cpu|cuda[:N], --threads LIST and --rounds N");
            }
        }
        bool usesCuda = device != "cpu";
        if (usesCuda && threads is not null)
            throw Fault.Usage($"--threads {threads}: on CUDA there is one set of rows. Leave it out");
        return new StepSettings(
            device, usesCuda ? [null] : [.. (threads ?? "1,2").Split(',').Select(t => (int?)Number("--threads", t, 256))], rounds ?? (usesCuda ? RoundsOnCuda : RoundsOnCpu));
    }

    private static int Number(string option, string text, int largest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= largest
            ? number
            : throw Fault.Usage($"{option} has '{text}'; allowed are 1 to {largest}");
}

/// <summary>The patches of one step.</summary>
/// <param name="Batch">How many.</param>
/// <param name="Side">Width and height, pixels.</param>
internal readonly record struct PatchShape(int Batch, int Side)
{
    /// <summary>A phase that takes such patches, without limit of steps and at a rate at which nothing happens to the weights.</summary>
    public PhaseOptions Phase(PhaseKind kind, LossOptions loss) => new()
    {
        Name = $"b{Batch}-{Side}",
        Kind = kind,
        Steps = 1_000_000,
        Batch = Batch,
        Patch = Side,
        Rate = 1e-6,
        Fall = RateFall.None,
        Loss = loss,
    };

    public override string ToString() => $"{Batch} of {Side} px";
}
