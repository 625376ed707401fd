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
    private readonly Sequential[] _up;
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
        _up = new Sequential[3];
        for (int level = 4; level > 1; level--)
            register_module($"up{level}", _up[level - 2] = Convolutions.Up(d[level - 1], d[level - 2]));
        _decoder = Blocks(UFuserSchema.Decoder);
        _last = Sequential(("0", Convolutions.Reflect3x3(d[0], 1, bias: true)), ("1", Sigmoid()));
        register_module("last", _last);
    }

    /// <summary>Makes the network with the given weights.</summary>
    /// <exception cref="Core.Faults.Fault">They are not the U-Fuser's.</exception>
    public UFuserModule(WeightSet weights)
        : this() => Load(weights);

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
            o = _decoder[level].call(cat([_up[level].call(o), f[level]], dim: 1));
        return _last.call(o).MoveToOuterDisposeScope();
    }

    /// <summary>Copies the weights in.</summary>
    /// <exception cref="Core.Faults.Fault">They are not the U-Fuser's; everything that differs is listed.</exception>
    public void Load(WeightSet weights)
    {
        UFuserSchema.Check(weights);
        using IDisposable noGrad = no_grad();
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            WeightTensor stored = weights[name];
            using Tensor values = tensor(stored.Values, [.. stored.Shape.Select(extent => (long)extent)]);
            parameter.copy_(values);
        }
    }

    /// <summary>The weights as they are now, in state_dict order.</summary>
    /// <param name="origin">What to call the set in messages.</param>
    public WeightSet Weights(string origin) => new(origin, named_parameters().Select(item =>
    {
        using Tensor values = item.parameter.detach().cpu().contiguous();
        return new WeightTensor(item.name, [.. values.shape.Select(extent => (int)extent)], values.data<float>().ToArray());
    }));

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
