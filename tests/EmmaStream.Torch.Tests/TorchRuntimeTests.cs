using EmmaStream.Core.Faults;

namespace EmmaStream.Torch.Tests;

public class TorchRuntimeTests
{
    [Fact]
    public void A_library_that_does_not_load_is_a_fault_of_the_environment_with_its_innermost_cause()
    {
        Fault? fault = TorchRuntime.Attempt(() => throw new TypeInitializationException("TorchSharp.torch",
            new NotSupportedException("libc10.so: cannot open shared object file\nlong text")));
        Assert.NotNull(fault);
        Assert.Equal(FaultKind.Environment, fault.Kind);
        Assert.StartsWith("libtorch cannot be loaded (libc10.so: cannot open shared object file). Use --engine cpu", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_library_that_loads_is_no_fault() => Assert.Null(TorchRuntime.Attempt(TorchRuntime.EnsureLoaded));

    [Fact]
    public void Threads_are_those_that_were_set()
    {
        int before = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        Assert.Equal(1, TorchRuntime.Threads);
        TorchRuntime.Threads = before;
    }
}
