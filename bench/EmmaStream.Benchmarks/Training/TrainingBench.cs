using System.Runtime.InteropServices;
using EmmaStream.Core.Faults;
using EmmaStream.Torch;
using EmmaStream.Torch.Devices;
using EmmaStream.Training.Data;
using TorchSharp;

namespace EmmaStream.Benchmarks.Training;

/// <summary>How long steps of a training take: the phases of EmmaStream.Training themselves, on made pairs. Prints Markdown tables.</summary>
internal static partial class TrainingBench
{
    public static int Run(ReadOnlySpan<string> args)
    {
        try
        {
            StepSettings settings = StepSettings.Read(args);
            KeepPrimitives();
            TorchRuntime.EnsureLoaded();
            _ = DeviceChoice.Parse(settings.Device).Resolve();
            Console.WriteLine(Heading(settings));
            PatchSampler sampler = MadePairs.Sampler();
            FuserSteps.Print(settings, sampler);
            SensingSteps.Print(settings, sampler);
            EmmaSteps.Print(settings, sampler);
            return 0;
        }
        catch (Fault fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }

    /// <summary>
    /// oneDNN keeps 1024 prepared operations. A training needs a few hundred, again and again; the tables' shapes in turn need thousands and would
    /// be timed with preparing them anew. It reads its environment when libtorch loads, from native getenv.
    /// </summary>
    private static void KeepPrimitives() => _ = SetEnvironment("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "65536", overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    private static string Heading(StepSettings settings)
    {
        string processor = ValueIn("/proc/cpuinfo", "model name") ?? "unknown processor";
        string device = settings.UsesCuda ? $"{settings.Device} ({Card() ?? "unknown card"}), TF32 in convolutions as libtorch has it" : $"cpu, threads {string.Join(" and ", settings.Threads)}";
        return $"{processor}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, libtorch {torch.__version__} on {device}; float32. "
            + $"Milliseconds, medians of {settings.Rounds} rounds in which all cells of a table take turns; first calls are discarded.";
    }

    private static string? Card() => !Directory.Exists("/proc/driver/nvidia/gpus") ? null
        : Directory.GetDirectories("/proc/driver/nvidia/gpus").Select(folder => ValueIn(Path.Combine(folder, "information"), "Model")).FirstOrDefault(name => name is not null);

    private static string? ValueIn(string path, string name) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() : null;
}
