using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Networks;
using TorchSharp;

namespace EmmaStream.Training.Running;

/// <summary>
/// A folder from which a training goes on: weights of the three networks, their optimisers, state.json. A new one is written beside the old
/// one and takes its place when complete, so that there is always a whole one.
/// </summary>
internal static class Checkpoint
{
    private const string StateFile = "state.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes one.</summary>
    /// <exception cref="Fault">The disk is full or the folder not writable; the one before is still there.</exception>
    public static void Save(string folder, NetworkSet networks, RunState state)
    {
        string next = $"{folder}.next", before = $"{folder}.before";
        try
        {
            Remove(next);
            Directory.CreateDirectory(next);
            SaveNetwork(next, NetworkSet.FuserFile, networks.Fuser, networks.Fuser.Module.Weights(NetworkSet.FuserFile));
            SaveNetwork(next, NetworkSet.InfraredFile, networks.InfraredSensing, networks.InfraredSensing.Module.Weights(NetworkSet.InfraredFile));
            SaveNetwork(next, NetworkSet.VisibleFile, networks.VisibleSensing, networks.VisibleSensing.Module.Weights(NetworkSet.VisibleFile));
            File.WriteAllText(Path.Combine(next, StateFile), JsonSerializer.Serialize(state, Json));
            if (Directory.Exists(folder))
            {
                Remove(before);
                Directory.Move(folder, before);
            }
            Directory.Move(next, folder);
            Remove(before);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{folder}: the checkpoint cannot be written ({e.Message}); the one before is whole. Make room and go on with --resume", e);
        }
        finally
        {
            TryRemove(next);
        }
    }

    /// <summary>Puts the networks where a checkpoint left them.</summary>
    /// <exception cref="Fault">There is none, it is incomplete, or it is of other networks.</exception>
    public static RunState Load(string folder, NetworkSet networks)
    {
        if (!Directory.Exists(folder) && Directory.Exists($"{folder}.before"))       // stopped between the two renames
            folder = $"{folder}.before";
        if (!Directory.Exists(folder))
            throw Fault.Input($"{folder}: no checkpoint there. Give --resume the folder that a training was writing to");
        RunState state = ReadState(Path.Combine(folder, StateFile));
        networks.Fuser.Module.Load(Read(folder, NetworkSet.FuserFile));
        networks.Fuser.RestoreState(Read(folder, StateName(NetworkSet.FuserFile)));
        Load(folder, NetworkSet.InfraredFile, networks.InfraredSensing);
        Load(folder, NetworkSet.VisibleFile, networks.VisibleSensing);
        return state;
    }

    private static void Load(string folder, string name, Trainee<SensingNetwork> network)
    {
        network.Module.Load(Read(folder, name));
        network.RestoreState(Read(folder, StateName(name)));
    }

    private static void SaveNetwork<T>(string folder, string name, Trainee<T> network, WeightSet weights)
        where T : torch.nn.Module
    {
        SafetensorsFile.Save(PathOf(folder, name), weights);
        SafetensorsFile.Save(PathOf(folder, StateName(name)), network.SaveState(name));
    }

    private static string StateName(string network) => $"{network}-optimizer";

    private static WeightSet Read(string folder, string name) => WeightFile.Load(PathOf(folder, name));

    private static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.safetensors");

    private static RunState ReadState(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Fault.Input($"{path}: no state of a training ({(e is JsonException ? "it is damaged" : e.Message.TrimEnd('.'))}). Give --resume a whole checkpoint", e);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Remove(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left over is taken away by the next checkpoint.
        }
    }
}
