using System.Globalization;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;

namespace EmmaStream.Cli.Options;

/// <summary>The fusion methods.</summary>
public enum FuserKind
{
    /// <summary>EMMA's network.</summary>
    Emma,

    /// <summary>The stronger detail of each pyramid level.</summary>
    Laplacian,

    /// <summary>The mean of both.</summary>
    Average,

    /// <summary>The brighter of both.</summary>
    Max,
}

/// <summary>How EMMA's network is computed.</summary>
public enum EngineKind
{
    /// <summary>torch where a CUDA device is, else cpu.</summary>
    Auto,

    /// <summary>Our own engine on the processor; no native library.</summary>
    Cpu,

    /// <summary>TorchSharp: the processor, or CUDA.</summary>
    Torch,
}

/// <summary>How two pictures become one.</summary>
public sealed record FusionOptions
{
    /// <summary>The method: emma, laplacian, average or max.</summary>
    public FuserKind Fuser { get; init; } = FuserKind.Emma;

    /// <summary>Path of EMMA's weights (.safetensors or .pth), or a name from `emmastream models list`; none: emma.</summary>
    public string? Model { get; init; }

    /// <summary>How the network is computed: auto, cpu or torch.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    /// <summary>Where the torch engine computes: auto, cpu, cuda or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Processor threads of the network: 1 to 256; auto is one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>Size at which the network runs: 1, 1/2 or 1/4. Smaller is faster; the details come from a locally fitted model.</summary>
    public FusionScale Scale { get; init; } = FusionScale.Full;

    /// <summary>Gray range: none, smooth (slow, for video) or per-frame (each picture's own). auto: emma smooth for video and per-frame for images, else none.</summary>
    public LevelsMode? Levels { get; init; }

    /// <summary>Pairs in one call of the network: 1 to 64; auto is 1 on the processor, 4 on CUDA.</summary>
    public int? Batch { get; init; }

    /// <summary>Whether a text is auto, cpu, cuda or cuda:N, without asking libtorch, which not every build has.</summary>
    internal static bool IsDevice(string text) => text is "auto" or "cpu" or "cuda"
        || (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan("cuda:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    internal IEnumerable<string> Problems(string path)
    {
        if (Model is "")
            yield return $"{path}.model is empty; give a path or a name, or leave it out";
        if (Threads is < 1 or > 256)
            yield return $"{path}.threads is {Threads}; allowed are 1 to 256, or auto";
        if (Batch is < 1 or > 64)
            yield return $"{path}.batch is {Batch}; allowed are 1 to 64, or auto";
        if (!IsDevice(Device))
            yield return $"{path}.device is {Device}; allowed are auto, cpu, cuda and cuda:N";
    }
}
