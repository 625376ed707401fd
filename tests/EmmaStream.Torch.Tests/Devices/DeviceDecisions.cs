using System.Runtime.InteropServices;
using EmmaStream.Core.Faults;
using EmmaStream.Torch.Devices;
using TorchSharp;

namespace EmmaStream.Torch.Tests.Devices;

public class DeviceDecisions
{
    [Theory]
    [InlineData("auto", 0, "cpu")]
    [InlineData("auto", 2, "cuda:0")]
    [InlineData("cpu", 2, "cpu")]
    [InlineData("cuda", 1, "cuda:0")]
    [InlineData("cuda:1", 2, "cuda:1")]
    public void A_device_is_chosen(string asked, int present, string chosen) =>
        Assert.Equal(chosen, DeviceChoice.Parse(asked).Resolve(present).ToString());

    [Theory]
    [InlineData("cuda", 0, "finds no CUDA device")]
    [InlineData("cuda:2", 2, "cuda:0 to cuda:1")]
    public void A_device_that_is_absent_is_a_fault_of_the_environment(string asked, int present, string says)
    {
        Fault fault = Assert.Throws<Fault>(() => DeviceChoice.Parse(asked).Resolve(present));
        Assert.Equal(FaultKind.Environment, fault.Kind);
        Assert.Contains(says, fault.Message);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("CUDA")]
    public void An_unknown_device_is_a_fault_of_usage(string asked)
    {
        Assert.False(DeviceChoice.TryParse(asked, out _));
        Assert.Equal(FaultKind.Usage, Assert.Throws<Fault>(() => DeviceChoice.Parse(asked)).Kind);
    }

    [Fact]
    public void Auto_is_a_device_that_works_here()
    {
        torch.Device device = DeviceChoice.Auto.Resolve();
        using torch.Tensor one = torch.ones(1, device: device);
        Assert.Equal(1, one.item<float>());
    }

    [Fact]
    public void Half_precision_is_for_cuda_only()
    {
        Assert.Equal(torch.ScalarType.Float16, Precision.Auto.On(DeviceType.CUDA));
        Assert.Equal(torch.ScalarType.Float32, Precision.Auto.On(DeviceType.CPU));
        Assert.Equal(torch.ScalarType.Float32, Precision.Single.On(DeviceType.CUDA));
        Assert.Equal(torch.ScalarType.Float16, Precision.Half.On(DeviceType.CUDA));
        Assert.Equal(FaultKind.Usage, Assert.Throws<Fault>(() => Precision.Half.On(DeviceType.CPU)).Kind);
    }

    [Fact]
    public void Memory_is_page_locked_for_cuda_only()
    {
        Assert.True(HostBuffer.PinFor(DeviceType.CUDA));
        Assert.False(HostBuffer.PinFor(DeviceType.CPU));
    }

    [Theory]
    [InlineData(8, 10, 8, "0+8 8+2")]
    [InlineData(8, 10, 3, "0+8! 0+4! 0+2 2+2 4+2 6+2 8+2")]
    [InlineData(4, 3, 2, "0+3! 0+1 1+1 2+1")]
    [InlineData(1, 2, 1, "0+1 1+1")]
    public void A_batch_that_does_not_fit_is_halved_for_good(int largest, int frames, int fitting, string expected)
    {
        BatchLimit limit = new(largest);
        List<string> runs = [];
        limit.Run(frames, (first, count) =>
        {
            bool fails = count > fitting;
            runs.Add($"{first}+{count}{(fails ? "!" : "")}");
            if (fails)
                throw new LibtorchFailure("CUDA out of memory. Tried to allocate 2.00 GiB");
        });
        Assert.Equal(expected, string.Join(' ', runs));
        Assert.True(limit.Current <= Math.Max(fitting, 1) || largest <= fitting);
    }

    [Fact]
    public void One_frame_that_does_not_fit_ends_the_run_and_so_does_any_other_failure()
    {
        Assert.Throws<LibtorchFailure>(() => new BatchLimit(1).Run(1, (_, _) => throw new LibtorchFailure("CUDA out of memory")));
        BatchLimit limit = new(8);
        Assert.Throws<LibtorchFailure>(() => limit.Run(8, (_, _) => throw new LibtorchFailure("device-side assert triggered")));
        Assert.Equal(8, limit.Current);
    }

    [Fact]
    public void What_libtorch_throws_when_an_allocation_fails_is_recognized()
    {
        TorchRuntime.EnsureLoaded();
        ExternalException failure = Assert.ThrowsAny<ExternalException>(() => torch.empty(1L << 50));
        Assert.True(BatchLimit.IsOutOfMemory(failure), failure.Message);
    }

    private sealed class LibtorchFailure(string message) : ExternalException(message);
}
