using EmmaStream.Torch;
using EmmaStream.Training.Tests;

// libtorch's threads and its tensor count belong to the process.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: AssemblyFixture(typeof(OneThread))]

namespace EmmaStream.Training.Tests;

/// <summary>One thread of libtorch for all tests: on small tensors and a busy machine more of them wait for each other for minutes.</summary>
public sealed class OneThread
{
    /// <summary>Before the first test.</summary>
    public OneThread() => TorchRuntime.Threads = 1;
}
