namespace EmmaStream.Cli.Running;

/// <summary>What <c>emmastream train</c> is asked to do.</summary>
internal sealed record TrainRequest
{
    /// <summary>Path of the configuration.</summary>
    public required string Config { get; init; }

    /// <summary>Folder that everything is written to.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to go on from the folder's checkpoint.</summary>
    public required bool Resumes { get; init; }

    /// <summary>Where to compute, in the configuration's words; null: as the configuration says.</summary>
    public string? Device { get; init; }

    /// <summary>Processor threads of libtorch, 1 to 256; null: as the configuration says.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether to leave progress out.</summary>
    public required bool Quiet { get; init; }
}
