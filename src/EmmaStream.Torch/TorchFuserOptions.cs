using EmmaStream.Torch.Devices;

namespace EmmaStream.Torch;

/// <summary>How the torch engine runs.</summary>
public sealed record TorchFuserOptions
{
    /// <summary>Where; auto: CUDA where there is a device, else the CPU.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>In which type convolutions run; auto: half on CUDA, single on the CPU.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Threads on the CPU while this fuser works: 1 to 1024; 0: libtorch's own choice, the number of cores.</summary>
    public int Threads { get; init; }

    /// <summary>Most frames that go through the network at once: 1 to 64; 0: 8 on CUDA, 1 on the CPU, where batches gain nothing.</summary>
    public int LargestBatch { get; init; }

    /// <summary>Computes the network as published, operation by operation, instead of merged: half as fast, the baseline of benches; single precision only.</summary>
    public bool AsPublished { get; init; }
}
