// Writes the generated kernels of EmmaStream.Fusion: dotnet run --project eng/KernelGenerator -- src/EmmaStream.Fusion/Cpu/Kernels
using EmmaStream.KernelGenerator;

if (args.Length != 1 || !Directory.Exists(args[0]))
{
    await Console.Error.WriteLineAsync("usage: KernelGenerator FOLDER (src/EmmaStream.Fusion/Cpu/Kernels)");
    return 2;
}
foreach ((string name, string content) in GeneratedKernels.All(args[0]))
    File.WriteAllText(Path.Combine(args[0], name), content);
return 0;
