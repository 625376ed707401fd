using EmmaStream.Core.Faults;

namespace EmmaStream.Cli.Models;

/// <summary>The weights that came with the program, in its models folder, found by name; and any file by its path.</summary>
internal static class ModelLibrary
{
    /// <summary>The name that <c>--fuser emma</c> takes without <c>--model</c>.</summary>
    public const string Default = "emma";

    private static readonly string[] Extensions = [".safetensors", ".pth"];

    /// <summary>Where models lie: beside the program, or in the checkout that it was built in.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Paths of all installed models, by name.</summary>
    public static IReadOnlyList<string> Installed => Folder is null
        ? []
        : [.. Directory.EnumerateFiles(Folder).Where(f => Extensions.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal)];

    /// <summary>The file that a name or path means.</summary>
    /// <exception cref="Fault">There is none.</exception>
    public static string Resolve(string nameOrPath) =>
        Find(nameOrPath) ?? throw Fault.Input($"{nameOrPath}: no such weights file, and no installed model has that name. See `emmastream models list`, or give a path");

    /// <summary>The file that a name or path means; null when there is none.</summary>
    public static string? Find(string nameOrPath) =>
        File.Exists(nameOrPath) ? nameOrPath : Installed.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) == nameOrPath);

    /// <summary>The default model's file.</summary>
    /// <exception cref="Fault">No trained weights are installed.</exception>
    public static string ResolveDefault() =>
        Installed.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) == Default)
        ?? throw Fault.Input("--fuser emma: no trained weights are installed. Give --model FILE (.safetensors or .pth), or choose --fuser laplacian");

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(models))
                return models;
        }
        return null;
    }
}
