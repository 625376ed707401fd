using EmmaStream.Training.Data;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;
using EmmaStream.Training.Phases;

namespace EmmaStream.Benchmarks.Training;

/// <summary>Steps of the EMMA phase, from the sensing losses alone to the paper's ten transforms.</summary>
internal static class EmmaSteps
{
    private const int SensingWidth = 16;

    private static readonly LossOptions Sensing = new() { Equivariance = 0 };

    private static readonly (string Name, LossOptions Loss)[] Kinds =
    [
        ("sensing losses only", Sensing), ("refresh every 2nd step", Sensing with { Refresh = 2 }),
        ("refresh and one transform", new LossOptions { Refresh = 2, TransformsPerStep = 1 }), ("the paper's ten transforms, no refresh", new LossOptions()),
    ];

    public static void Print(StepSettings settings, PatchSampler sampler)
    {
        // The paper's ten transforms keep eleven batches' graphs: not with the large ones.
        (string Name, PatchShape Shape, LossOptions Loss)[] cells =
        [
            .. from kind in Kinds from shape in settings.EmmaShapes where kind.Loss.Equivariance == 0 || kind.Loss.TransformsPerStep > 0 || shape.Side == 64 select (kind.Name, shape, kind.Loss),
        ];
        TrainingOptions options = settings.Options(SensingWidth, cells.Select((cell, at) => cell.Shape.Phase(PhaseKind.Emma, cell.Loss) with { Name = $"emma-{at}" }));
        using NetworkSet networks = new(options);
        TrainingContext context = new(options, networks, sampler);
        Phase[] phases = [.. cells.Select((_, index) => Phase.Create(context, index))];
        StepTable table = new($"A step of the EMMA phase, sensing networks of width {SensingWidth}", "{0}");
        foreach (int? threads in settings.Threads)
        {
            for (int at = 0; at < cells.Length; at++)
            {
                Phase phase = phases[at];
                table.Add(settings.Row(cells[at].Name, threads), cells[at].Shape.ToString(), new TimedStep(settings, threads, number => phase.Step(number), Math.Max(1, cells[at].Loss.Refresh)));
            }
        }
        table.Print(settings.Rounds);
        foreach (Phase phase in phases)
            phase.Dispose();
    }
}
