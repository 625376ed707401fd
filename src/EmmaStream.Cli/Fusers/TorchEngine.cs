using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Weights;
#if TORCH
using EmmaStream.Torch;
using EmmaStream.Torch.Devices;
#endif

namespace EmmaStream.Cli.Fusers;

/// <summary>The torch engine, or the word that this build is without it (<c>-p:Torch=false</c>).</summary>
internal static class TorchEngine
{
#if TORCH
    /// <summary>Whether this build can find a CUDA device: only one made with <c>-p:TorchBackend=cuda</c> loads libtorch to look.</summary>
    public static bool HasCuda => TorchRuntime.IsCudaBuild && TorchRuntime.CudaDeviceCount > 0;

    /// <exception cref="Fault">libtorch cannot be loaded, or the device is absent.</exception>
    public static IFuser Create(WeightSet weights, string device, int threads, bool asPublished = false)
    {
        Load();
        return new TorchFuser(weights, new TorchFuserOptions { Device = DeviceChoice.Parse(device), Threads = threads, AsPublished = asPublished });
    }

    /// <summary>Whether it can run, with a sentence.</summary>
    public static (bool? IsGood, string Text) Describe()
    {
        try
        {
            Load();
            int devices = TorchRuntime.CudaDeviceCount;
            return (true, $"libtorch loads, {(devices == 0 ? "no CUDA device" : Counted.Of(devices, "CUDA device"))}");
        }
        catch (Fault fault)
        {
            return (false, fault.Message);
        }
    }

    /// <summary>Loads libtorch. Where it does not load, TorchSharp prints advice of its own to standard output; the fault is the one line for the user.</summary>
    /// <exception cref="Fault">It cannot be loaded.</exception>
    public static void Load()
    {
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            TorchRuntime.EnsureLoaded();
        }
        finally
        {
            Console.SetOut(output);
        }
    }
#else
    public static bool HasCuda => false;

    public static IFuser Create(WeightSet weights, string device, int threads, bool asPublished = false) =>
        throw Fault.Environment($"--engine {(asPublished ? "op-by-op" : "torch")}: this program was built without TorchSharp. Use --engine cpu ({device}, {threads} threads, {weights.Origin})");

    public static (bool? IsGood, string Text) Describe() => (null, "this program was built without it; EMMA runs on the cpu engine");
#endif
}
