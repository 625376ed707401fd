using EmmaStream.Core.Faults;
using TorchSharp;

namespace EmmaStream.Torch.Devices;

/// <summary>The type in which convolutions run. LayerNorm, sums over pixels and softmax are float32 always: half overflows in them.</summary>
public enum Precision
{
    /// <summary>Half on a CUDA device, single on the CPU, where half gains nothing.</summary>
    Auto,

    /// <summary>float32: equal to the published network to rounding.</summary>
    Single,

    /// <summary>float16; CUDA only.</summary>
    Half,
}

/// <summary>Which type a precision means on a device.</summary>
public static class Precisions
{
    /// <summary>The tensor type to compute in.</summary>
    /// <exception cref="Fault">Half on the CPU.</exception>
    public static torch.ScalarType On(this Precision precision, DeviceType device) => (precision, device) switch
    {
        (Precision.Half, DeviceType.CPU) => throw Fault.Usage("precision half needs a CUDA device; use single or auto on the CPU"),
        (Precision.Half, _) or (Precision.Auto, DeviceType.CUDA) => torch.ScalarType.Float16,
        _ => torch.ScalarType.Float32,
    };
}
