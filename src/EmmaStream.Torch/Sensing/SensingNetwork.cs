using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Sensing;

/// <summary>
/// EMMA's pseudo-sensing network, a U-Net of five levels: from a fused picture to what one camera would have seen of the scene. The published
/// scripts use two of one design with first width 64, Ai (infrared) and Av (visible). Names are those of the authors' state_dict. Batch
/// normalisation differs between train and eval mode.
/// </summary>
public sealed class SensingNetwork : Module<Tensor, Tensor>
{
    /// <summary>Width and height must be multiples of this.</summary>
    public const int SizeStep = 16;

    private const int Levels = 5;

    private readonly ConvolutionPair[] _down = new ConvolutionPair[Levels];
    private readonly ConvolutionPair[] _up = new ConvolutionPair[Levels - 1];
    private readonly UpSampling[] _upSample = new UpSampling[Levels - 1];
    private readonly Sequential _last;

    /// <summary>Makes the network with default initialisation; modules are registered in state_dict order.</summary>
    /// <param name="width">Channels of the first level; every further level has twice as many. EMMA: 64.</param>
    public SensingNetwork(int width)
        : base(Loaded("SensingNetwork"))
    {
        Width = width;
        for (int level = 0; level < Levels; level++)
            register_module($"down{level + 1}", _down[level] = new($"down{level + 1}", level == 0 ? 1 : width << (level - 1), width << level));
        for (int level = Levels - 2; level >= 0; level--)
        {
            register_module($"up_sample{level + 2}", _upSample[level] = new($"up_sample{level + 2}", width << (level + 1), width << level));
            register_module($"up{level + 1}", _up[level] = new($"up{level + 1}", width << (level + 1), width << level));
        }
        _last = Sequential(("0", Conv2d(width, 1, 3, padding: 1)), ("1", Sigmoid()));
        register_module("last", _last);
    }

    /// <summary>Channels of the first level.</summary>
    public int Width { get; }

    /// <summary>The picture of one camera.</summary>
    /// <param name="input">Fused luma [N, 1, H, W] in [0, 1]; H and W multiples of 16.</param>
    /// <returns>[N, 1, H, W] in (0, 1).</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] features = new Tensor[Levels];
        features[0] = _down[0].call(input);
        for (int level = 1; level < Levels; level++)
            features[level] = _down[level].call(functional.max_pool2d(features[level - 1], 2));
        Tensor o = features[Levels - 1];
        for (int level = Levels - 2; level >= 0; level--)
            o = _up[level].call(cat([_upSample[level].call(o), features[level]], dim: 1));
        return _last.call(o).MoveToOuterDisposeScope();
    }

    /// <summary>Copies weights and running statistics in.</summary>
    /// <exception cref="Fault">They are not of a sensing network of this width; everything that differs is listed.</exception>
    public void Load(WeightSet weights)
    {
        ModuleWeights.Schema(this, $"a sensing network of width {Width}").Check(weights);
        ModuleWeights.CopyInto(this, weights);
    }

    /// <summary>Weights as they are now, then running statistics.</summary>
    /// <param name="origin">What to call the set in messages.</param>
    public WeightSet Weights(string origin) => ModuleWeights.Copy(this, origin);

    private static string Loaded(string name)
    {
        TorchRuntime.EnsureLoaded();
        return name;
    }

    /// <summary>Twice: 3x3 with zero padding and bias, batch normalisation, ReLU.</summary>
    private sealed class ConvolutionPair : Module<Tensor, Tensor>
    {
        private readonly Sequential _conv;

        public ConvolutionPair(string name, int inputs, int outputs)
            : base(name)
        {
            _conv = Sequential(
                ("0", Conv2d(inputs, outputs, 3, padding: 1)),
                ("1", BatchNorm2d(outputs)),
                ("2", ReLU()),
                ("3", Conv2d(outputs, outputs, 3, padding: 1)),
                ("4", BatchNorm2d(outputs)),
                ("5", ReLU()));
            register_module("conv", _conv);
        }

        public override Tensor forward(Tensor input) => _conv.call(input);
    }
}
