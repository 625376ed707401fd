using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The kinds of convolution that the U-Fuser is made of.</summary>
internal static class Convolutions
{
    /// <summary>3x3, reflect padding 1 (the edge is not repeated).</summary>
    public static Conv2d Reflect3x3(int inputs, int outputs, bool bias = false, int stride = 1, int groups = 1) =>
        Conv2d(inputs, outputs, 3, stride: stride, padding: 1, padding_mode: TorchSharp.PaddingModes.Reflect, groups: groups, bias: bias);

    /// <summary>1x1 without bias.</summary>
    public static Conv2d Pointwise(int inputs, int outputs) => Conv2d(inputs, outputs, 1, bias: false);
}
