using System.Diagnostics;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>Every instruction set on one machine: the tests of this folder again in a child process that has some of them switched off.</summary>
public sealed class InstructionSetTests
{
    private const string Expected = "EMMASTREAM_TESTS_EXPECTED_KERNELS";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "avx2")]
    [InlineData("DOTNET_EnableHWIntrinsic", "scalar")]
    public async Task The_network_is_right_with_an_instruction_set_switched_off(string variable, string kernels)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "EmmaStream.Fusion.Tests"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "--filter-method", $"*{nameof(Child_the_expected_kernels_run_and_are_right)}", "--explicit", "only", "--no-ansi" },
            Environment = { [variable] = "0", [Expected] = kernels },
        };
        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, await output + errors);
        Assert.Contains("succeeded: 1", await output, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Child_the_expected_kernels_run_and_are_right()
    {
        string? expected = Environment.GetEnvironmentVariable(Expected);
        Assert.NotNull(expected);
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = 2 });
        Assert.Equal($"emma (cpu, {expected}, 2 threads)", fuser.Name);
        Assert.InRange(UFuserGolden.LargestDifference(GoldenCase.Noise.Expected.Values, Fused.By(fuser, GoldenCase.Noise)), 0, UFuserGolden.Tolerance);

        using var changed = new EmmaCpuFuser(GoldenCase.OverrideWeights);
        Assert.InRange(UFuserGolden.LargestDifference(GoldenCase.Override.Expected.Values, Fused.By(changed, GoldenCase.Override)), 0, UFuserGolden.OverrideTolerance);
    }
}
