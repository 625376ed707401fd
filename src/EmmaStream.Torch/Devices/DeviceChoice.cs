using System.Globalization;
using EmmaStream.Core.Faults;
using TorchSharp;

namespace EmmaStream.Torch.Devices;

/// <summary>What the user asked to compute on: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
/// <param name="Type">The kind of device; null for auto.</param>
/// <param name="Index">Which CUDA device, from 0.</param>
public readonly record struct DeviceChoice(DeviceType? Type, int Index = 0)
{
    /// <summary>CUDA where there is a device, else the CPU.</summary>
    public static DeviceChoice Auto => default;

    /// <summary>The CPU.</summary>
    public static DeviceChoice Cpu => new(DeviceType.CPU);

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="Fault">It is something else.</exception>
    public static DeviceChoice Parse(string text) =>
        TryParse(text, out DeviceChoice choice) ? choice : throw Fault.Usage($"device is '{text}'; allowed are auto, cpu, cuda and cuda:N");

    /// <summary>Reads the same words.</summary>
    /// <returns>Whether it is one of them; else <paramref name="choice"/> is auto.</returns>
    public static bool TryParse(string text, out DeviceChoice choice)
    {
        ReadOnlySpan<char> number = text.AsSpan(Math.Min(text.Length, "cuda:".Length));
        DeviceChoice? read = text switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => new(DeviceType.CUDA),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index) => new(DeviceType.CUDA, index),
            _ => null,
        };
        choice = read ?? Auto;
        return read is not null;
    }

    /// <summary>The device itself.</summary>
    /// <exception cref="Fault">A CUDA device was asked for and is absent, or libtorch cannot be loaded.</exception>
    public torch.Device Resolve()
    {
        DeviceChoice resolved = Resolve(TorchRuntime.CudaDeviceCount);
        return resolved.Type == DeviceType.CUDA ? torch.InitializeDevice(new torch.Device(DeviceType.CUDA, resolved.Index)) : torch.CPU;
    }

    /// <summary>The decision alone, for a machine with that many CUDA devices; never auto.</summary>
    /// <exception cref="Fault">A CUDA device was asked for and is absent.</exception>
    public DeviceChoice Resolve(int cudaDevices)
    {
        if (Type is null)
            return cudaDevices > 0 ? new(DeviceType.CUDA) : Cpu;
        if (Type == DeviceType.CUDA && cudaDevices == 0)
            throw Fault.Environment("device cuda: libtorch finds no CUDA device. Choose the device cpu, or a build with -p:TorchBackend=cuda on a machine with an NVIDIA driver");
        if (Type == DeviceType.CUDA && Index >= cudaDevices)
            throw Fault.Environment($"device cuda:{Index}: this machine has {cudaDevices}, cuda:0 to cuda:{cudaDevices - 1}. Choose one of these");
        return this;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Type switch
    {
        null => "auto",
        DeviceType.CUDA => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}"),
        _ => "cpu",
    };
}
