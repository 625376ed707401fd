using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>Is shown what a merged network computes on its way, under the names that the published network gives it. For tests.</summary>
/// <param name="see">Gets a name and a tensor that is valid during the call only.</param>
internal sealed class ActivationObserver(Action<string, Tensor> see)
{
    public void See(string name, Tensor activation) => see(name, activation);
}
