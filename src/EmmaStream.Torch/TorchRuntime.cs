using System.Runtime.InteropServices;
using EmmaStream.Core.Faults;
using TorchSharp;

namespace EmmaStream.Torch;

/// <summary>Loads libtorch, once in a process, with the settings that only take effect before.</summary>
public static partial class TorchRuntime
{
    private const int MmapMax = -4, TrimThreshold = -1;         // M_MMAP_MAX, M_TRIM_THRESHOLD of malloc.h

    private static readonly Lazy<Fault?> Loaded = new(Load);
    private static readonly Lazy<int> Chosen = new(torch.get_num_threads);

    /// <summary>Loads libtorch unless it is loaded; every entry to EmmaStream.Torch calls it.</summary>
    /// <exception cref="Fault">It cannot be loaded on this machine.</exception>
    public static void EnsureLoaded()
    {
        if (Loaded.Value is Fault fault)
            throw Fault.Environment(fault.Message, fault.InnerException);
        _ = Chosen.Value;
    }

    /// <summary>Whether this build brings libtorch's CUDA part (<c>-p:TorchBackend=cuda</c>); tells it without loading libtorch.</summary>
    public static bool IsCudaBuild { get; } = File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cuda.so"));

    /// <summary>CUDA devices that libtorch finds, 0 or more.</summary>
    /// <exception cref="Fault">libtorch cannot be loaded.</exception>
    public static int CudaDeviceCount
    {
        get
        {
            EnsureLoaded();
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }

    /// <summary>Threads that one operation may use, when it is started from this thread.</summary>
    /// <exception cref="Fault">libtorch cannot be loaded.</exception>
    public static int Threads
    {
        get
        {
            EnsureLoaded();
            return torch.get_num_threads();
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            EnsureLoaded();
            torch.set_num_threads(value);
        }
    }

    /// <summary>libtorch's own choice of threads: what it had when it was loaded.</summary>
    /// <exception cref="Fault">libtorch cannot be loaded.</exception>
    public static int OwnThreads
    {
        get
        {
            EnsureLoaded();
            return Chosen.Value;
        }
    }

    /// <summary>Lets CUDA's convolutions keep all 24 bits of a float32: by default they round to 11 (TF32). It holds for the process.</summary>
    internal static void ComputeExactly()
    {
        torch.backends.cudnn.allow_tf32 = false;
        torch.backends.cuda.matmul.allow_tf32 = false;
    }

    /// <summary>Runs what loads a native library and makes a fault of the ways in which that fails.</summary>
    internal static Fault? Attempt(Action load)
    {
        try
        {
            load();
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException
            or EntryPointNotFoundException or ExternalException or FileNotFoundException)
        {
            Exception cause = e;
            while (cause.InnerException is not null)
                cause = cause.InnerException;
            string reason = cause.Message.Trim().Split('\n')[0].TrimEnd('.');
            return Fault.Environment(
                $"libtorch cannot be loaded ({reason}). Use --engine cpu, or restore the libtorch package and its libraries (libstdc++, libgomp) for linux-x64", e);
        }
    }

    private static Fault? Load()
    {
        PrepareProcess();
        return Attempt(static () =>
        {
            using torch.Tensor one = torch.ones(1);
            if (one.item<float>() != 1)
                throw new NotSupportedException("it computes nonsense");
        });
    }

    /// <summary>
    /// libgomp's barriers spin by default: on a machine with other work two threads took ten times as long. It reads its environment when
    /// libtorch loads, from native getenv, which <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach. What the
    /// user has set stays. MKL's sums depend on where memory happens to lie, unless told not to: two runs must agree to the bit. And glibc maps and unmaps every large tensor unless told to keep the memory: 5 to 13 % at 640x480.
    /// </summary>
    private static void PrepareProcess()
    {
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        _ = SetEnvironment("MKL_CBWR", "AUTO,STRICT", overwrite: 0);
        if (Environment.GetEnvironmentVariable("MALLOC_MMAP_MAX_") is null)
            _ = SetAllocator(MmapMax, 0);
        if (Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is null)
            _ = SetAllocator(TrimThreshold, int.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAllocator(int parameter, int value);
}
