using TorchSharp;

namespace EmmaStream.Torch.Tests;

public class LibtorchLoads
{
    [Fact]
    public void TorchSharp_loads_and_multiplies_matrices()
    {
        using torch.Tensor a = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);
        using torch.Tensor product = a.matmul(a);
        Assert.Equal([7f, 10f, 15f, 22f], product.data<float>().ToArray());
    }
}
