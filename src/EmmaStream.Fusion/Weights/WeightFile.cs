using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;

namespace EmmaStream.Fusion.Weights;

/// <summary>
/// Reads a weights file: safetensors, or a PyTorch state_dict as <c>torch.save</c> writes it, in zip or in the older format. The content
/// decides, not the extension. Nothing in the file is executed. A prefix <c>module.</c> common to all names is taken off.
/// </summary>
public static class WeightFile
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const long LargestFile = 1L << 30;

    private const string Cure = "Give a .safetensors file, or a .pth file made by torch.save(network.state_dict(), path)";

    /// <summary>All tensors of the file as float32.</summary>
    /// <exception cref="Fault">The file is absent, unreadable, truncated, foreign, or asks for more than tensors.</exception>
    public static WeightSet Load(string path)
    {
        byte[] file = ReadBytes(path);
        return WithoutModulePrefix(Parse(path, file));
    }

    internal static WeightSet Parse(string path, byte[] file)
    {
        try
        {
            if (TorchZipFile.Recognizes(file))
                return TorchZipFile.Read(path, file);
            if (TorchLegacyFile.Recognizes(file))
                return TorchLegacyFile.Read(path, file);
            if (SafetensorsFile.Recognizes(file))
                return SafetensorsFile.Read(path, file);
        }
        catch (MalformedWeights e)
        {
            throw Fault.Input($"{path}: {e.Message}{CureFor(e.Message)}", e.InnerException);
        }
        throw Fault.Input($"{path}: {Describe(file)}, no weights. {Cure}");
    }

    // Most readers say only what is wrong.
    private static string CureFor(string problem) =>
        problem.StartsWith("truncated", StringComparison.Ordinal) || problem.StartsWith("damaged", StringComparison.Ordinal) ? ". Copy or make the file again"
        : problem.Contains(". ", StringComparison.Ordinal) ? "" : $". {Cure}";

    private static byte[] ReadBytes(string path)
    {
        try
        {
            FileKind.RefuseNamedPipe(path);
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > LargestFile)
                throw Fault.Input($"{path}: {stream.Length} bytes; weights files up to {LargestFile} bytes are read. {Cure}");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault.Input($"{path}: no such file. Name a weights file that exists", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Fault.Input($"{path}: cannot be read ({(Directory.Exists(path) ? "it is a folder" : e.Message)}). {Cure}", e);
        }
    }

    private static string Describe(byte[] file) => file switch
    {
        [] => "an empty file",
        [0x1F, 0x8B, ..] => "a gzip file (unpack it first)",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => "a picture",
        [0x80, ..] => "a pickle that torch.save did not write",
        [0x08, ..] => "perhaps an ONNX model, which is not read",
        _ when file.AsSpan(0, Math.Min(file.Length, 512)).IndexOfAnyExceptInRange((byte)9, (byte)126) < 0 => "a text file",
        _ => $"an unknown or damaged format (it begins with {Convert.ToHexString(file.AsSpan(0, Math.Min(file.Length, 8)))})",
    };

    private static WeightSet WithoutModulePrefix(WeightSet set)
    {
        const string Prefix = "module.";
        if (set.Tensors.Count == 0 || !set.Tensors.All(t => t.Name.StartsWith(Prefix, StringComparison.Ordinal)))
            return set;
        return new(set.Origin, set.Tensors.Select(t => t with { Name = t.Name[Prefix.Length..] }), set.Metadata);
    }
}

/// <summary>What is wrong with the bytes of a weights file; <see cref="WeightFile"/> makes a fault of it with the file's name.</summary>
internal sealed class MalformedWeights(string message, Exception? inner = null) : Exception(message, inner);
