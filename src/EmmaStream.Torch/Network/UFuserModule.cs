using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>
/// EMMA's U-Fuser as published, operation by operation, with the authors' tensor names: the reference that faster forms are held to, and
/// the form that is trained. Train and eval mode are the same. Default initialisation until <see cref="Load"/>.
/// </summary>
public sealed class UFuserModule : Module<Tensor, Tensor, Tensor>
{
    private readonly UFuserBlock[] _visible, _infrared, _fusion, _decoder;
    private readonly Conv2d[] _visibleDown, _infraredDown;
    private readonly UpSampling[] _up;
    private readonly Sequential _last;

    /// <summary>Makes the network; modules are registered in state_dict order.</summary>
    public UFuserModule()
        : base(Loaded("UFuser"))
    {
        IReadOnlyList<int> d = UFuserSchema.LevelChannels;
        _visible = Blocks(UFuserSchema.VisibleEncoder);
        _infrared = Blocks(UFuserSchema.InfraredEncoder);
        _fusion = Blocks(UFuserSchema.Fusion);
        _visibleDown = Downs("V");
        _infraredDown = Downs("I");
        _up = new UpSampling[3];
        for (int level = 4; level > 1; level--)
            register_module($"up{level}", _up[level - 2] = new UpSampling($"up{level}", d[level - 1], d[level - 2]));
        _decoder = Blocks(UFuserSchema.Decoder);
        _last = Sequential(("0", Convolutions.Reflect3x3(d[0], 1, bias: true)), ("1", Sigmoid()));
        register_module("last", _last);
    }

    /// <summary>Makes the network with the given weights.</summary>
    /// <exception cref="Core.Faults.Fault">They are not the U-Fuser's.</exception>
    public UFuserModule(WeightSet weights)
        : this() => Load(weights);

    /// <summary>
    /// Whether each attention multiplies its kernels before they meet the picture: the same function of the same parameters to float rounding,
    /// so it may be trained; a step takes about 0.7 of the time. Off, the network is computed as published.
    /// </summary>
    public bool MergesKernels
    {
        get;
        set
        {
            field = value;
            foreach (UFuserBlock block in _visible.Concat(_infrared).Concat(_fusion).Concat(_decoder))
                block.MergesKernels = value;
        }
    }

    /// <summary>
    /// Slope below zero of the activations after up4, up3 and up2: 0, the published ReLU, unless a training lets them leak so that they do not die.
    /// </summary>
    public double UpLeak
    {
        get;
        set
        {
            field = value;
            foreach (UpSampling up in _up)
                up.LeakBy(value);
        }
    }

    /// <summary>
    /// Levels, of 1 to 3, whose own features the decoder does not see (zeros) but for what comes up from below; none, the network as published.
    /// A training that hides some now and then makes the deeper levels take part.
    /// </summary>
    public IReadOnlyList<int> HiddenLevels { get; set; } = [];

    /// <summary>Is shown the level (4, 3, 2) and the result of every up-sampling before its activation; it is valid during the call only. For meters and penalties.</summary>
    public Action<int, Tensor>? ObserveUp
    {
        set
        {
            for (int at = 0; at < _up.Length; at++)
            {
                int level = at + 2;
                _up[at].Observe = value is null ? null : result => value(level, result);
            }
        }
    }

    /// <summary>Fuses a batch.</summary>
    /// <param name="infrared">[N, 1, H, W] in [0, 1]; H and W multiples of 8, at least 16.</param>
    /// <param name="visible">The same shape.</param>
    /// <returns>[N, 1, H, W] in (0, 1).</returns>
    public override Tensor forward(Tensor infrared, Tensor visible)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] i = Encode(infrared, _infrared, _infraredDown);
        Tensor[] v = Encode(visible, _visible, _visibleDown);
        Tensor[] f = [.. Enumerable.Range(0, 4).Select(level => _fusion[level].call(cat([i[level], v[level]], dim: 1)))];

        Tensor o = _decoder[3].call(f[3]);
        for (int level = 2; level >= 0; level--)
            o = _decoder[level].call(cat([_up[level].call(o), HiddenLevels.Contains(level + 1) ? zeros_like(f[level]) : f[level]], dim: 1));
        return _last.call(o).MoveToOuterDisposeScope();
    }

    /// <summary>Copies the weights in.</summary>
    /// <exception cref="Core.Faults.Fault">They are not the U-Fuser's; everything that differs is listed.</exception>
    public void Load(WeightSet weights)
    {
        UFuserSchema.Check(weights);
        ModuleWeights.CopyInto(this, weights);
    }

    /// <summary>The weights as they are now, in state_dict order.</summary>
    /// <param name="origin">What to call the set in messages.</param>
    /// <param name="metadata">What the file will say of itself.</param>
    public WeightSet Weights(string origin, IReadOnlyDictionary<string, string>? metadata = null) => ModuleWeights.Copy(this, origin, metadata);

    /// <summary>The base class already calls libtorch.</summary>
    private static string Loaded(string name)
    {
        TorchRuntime.EnsureLoaded();
        return name;
    }

    private static Tensor[] Encode(Tensor picture, UFuserBlock[] blocks, Conv2d[] downs)
    {
        Tensor[] features = new Tensor[blocks.Length];
        features[0] = blocks[0].call(picture);
        for (int level = 1; level < blocks.Length; level++)
            features[level] = blocks[level].call(downs[level - 1].call(features[level - 1]));
        return features;
    }

    private UFuserBlock[] Blocks(IReadOnlyList<BlockSpec> specs) => [.. specs.Select(spec =>
    {
        UFuserBlock block = new(spec);
        register_module(spec.Name, block);
        return block;
    })];

    private Conv2d[] Downs(string stream) => [.. Enumerable.Range(1, 3).Select(level =>
    {
        int d = UFuserSchema.LevelChannels[level - 1];
        Conv2d down = Convolutions.Reflect3x3(d, d, stride: 2);
        register_module($"{stream}_down{level}", down);
        return down;
    })];
}
