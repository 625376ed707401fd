using EmmaStream.Fusion.Weights;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Networks;

/// <summary>The three networks of a training: U-Fuser, Ai and Av. First weights depend on the seed alone.</summary>
internal sealed class NetworkSet : IDisposable
{
    /// <summary>File names of the networks in a checkpoint, without extension.</summary>
    public const string FuserFile = "emma", InfraredFile = "sensing-infrared", VisibleFile = "sensing-visible";

    public NetworkSet(TrainingOptions options)
    {
        Device = DeviceChoice.Parse(options.Device).Resolve();
        using Generator seeded = manual_seed(options.Seed);
        Fuser = new(new UFuserModule { MergesKernels = true }.to(Device));
        InfraredSensing = new(new SensingNetwork(options.Sensing.Width).to(Device));
        VisibleSensing = new(new SensingNetwork(options.Sensing.Width).to(Device));
        if (options.Start is { } start)
            Fuser.Module.Load(WeightFile.Load(start));
        if (options.Sensing.Start is { } folder)
        {
            InfraredSensing.Module.Load(WeightFile.Load(Path.Combine(folder, $"{InfraredFile}.safetensors")));
            VisibleSensing.Module.Load(WeightFile.Load(Path.Combine(folder, $"{VisibleFile}.safetensors")));
        }
    }

    /// <summary>Where they are computed.</summary>
    public Device Device { get; }

    /// <summary>U.</summary>
    public Trainee<UFuserModule> Fuser { get; }

    /// <summary>Ai.</summary>
    public Trainee<SensingNetwork> InfraredSensing { get; }

    /// <summary>Av.</summary>
    public Trainee<SensingNetwork> VisibleSensing { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Fuser.Dispose();
        InfraredSensing.Dispose();
        VisibleSensing.Dispose();
    }
}
