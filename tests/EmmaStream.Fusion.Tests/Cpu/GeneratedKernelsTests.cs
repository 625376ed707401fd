using EmmaStream.KernelGenerator;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

public sealed class GeneratedKernelsTests
{
    [Fact]
    public void The_generated_kernels_are_what_the_generator_writes()
    {
        string folder = Repository.PathOf("src", "EmmaStream.Fusion", "Cpu", "Kernels");
        foreach ((string name, string content) in GeneratedKernels.All(folder))
            Assert.True(content == File.ReadAllText(Path.Combine(folder, name)), $"{name} is out of date: dotnet run --project eng/KernelGenerator -- src/EmmaStream.Fusion/Cpu/Kernels");
    }
}
