using EmmaStream.Torch.Devices;

namespace EmmaStream.Training.Options;

/// <summary>Everything that a training configuration can say. What is left out keeps its default.</summary>
public sealed record TrainingOptions
{
    /// <summary>Decides first weights, patches, augmentation and transforms: equal seeds on one machine give equal runs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where the networks are computed: auto, cpu, cuda or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Processor threads of libtorch: 1 to 256; auto is one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>Weights to start from (.safetensors or .pth); none: random ones from the seed.</summary>
    public string? Start { get; init; }

    /// <summary>Pairs to train on. A patch comes from a set with the probability of its weight.</summary>
    public IReadOnlyList<PairSetOptions> Data { get; init; } = [];

    /// <summary>Pairs that are never trained on, fused and measured at every validation.</summary>
    public IReadOnlyList<PairSetOptions> Validation { get; init; } = [];

    /// <summary>Fused pictures of other methods, from which sensing is learned besides the made ones.</summary>
    public IReadOnlyList<FusedSetOptions> FusedExamples { get; init; } = [];

    /// <summary>How patches are cut and which are refused.</summary>
    public PatchOptions Patches { get; init; } = new();

    /// <summary>The picture that the warm-up learns to make.</summary>
    public TargetOptions Target { get; init; } = new();

    /// <summary>The pseudo-sensing networks.</summary>
    public SensingOptions Sensing { get; init; } = new();

    /// <summary>When and how the network is tried on the validation pairs.</summary>
    public ValidationOptions Trial { get; init; } = new();

    /// <summary>What is done, in this order.</summary>
    public IReadOnlyList<PhaseOptions> Phases { get; init; } = [];

    internal IEnumerable<string> Problems(string path)
    {
        if (!DeviceChoice.TryParse(Device, out _))
            yield return $"{path}device is '{Device}'; allowed are auto, cpu, cuda and cuda:N";
        if (Threads is < 1 or > 256)
            yield return $"{path}threads is {Threads}; allowed are 1 to 256, or auto";
        if (Data.Count == 0)
            yield return $"{path}data names no pairs to train on; give at least one set with infrared and visible";
        if (Phases.Count == 0)
            yield return $"{path}phases is empty; give at least one with kind and steps";
        foreach (string name in Phases.Select(p => p.Name).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"{path}phases: two are called {name}; every phase has its own name";
    }
}
