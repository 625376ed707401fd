using EmmaStream.Fusion.Network;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>
/// EMMA's U-Fuser with everything merged that is exact in inference: the same result as <see cref="UFuserModule"/> to float rounding, about
/// twice as fast. It holds its weights on one device; frames of a batch do not influence each other.
/// </summary>
public sealed class MergedUFuser : IDisposable
{
    private readonly MergedUFuserBlock[] _infrared, _visible, _fusion, _decoder;
    private readonly Tensor[] _infraredDown, _visibleDown, _up;
    private readonly Tensor _last, _lastBias;
    private readonly ScalarType _compute;
    private readonly PlacedWeights _weights;

    /// <summary>Puts the weights where they are needed.</summary>
    /// <param name="weights">The merged weights; not referred to later.</param>
    /// <param name="device">The device to run on; null for the CPU.</param>
    /// <param name="compute">The type that convolutions run in: float32, or float16 on a CUDA device. Norms and attention are float32 always.</param>
    public MergedUFuser(MergedWeights weights, Device? device = null, ScalarType compute = ScalarType.Float32)
    {
        TorchRuntime.EnsureLoaded();
        PlacedWeights placed = _weights = new(device ?? CPU, compute);
        Tensor[] Downs(IReadOnlyList<float[]> downs) => [.. downs.Select((w, at) => placed.PlaceKernel(w, UFuserSchema.LevelChannels[at], -1, 3, 3))];
        _compute = compute;
        _infrared = [.. weights.InfraredEncoder.Select(block => new MergedUFuserBlock(block, 1, placed))];
        _visible = [.. weights.VisibleEncoder.Select(block => new MergedUFuserBlock(block, 1, placed))];
        _fusion = [.. weights.Fusion.Select(block => new MergedUFuserBlock(block, 2, placed))];
        _decoder = [.. weights.Decoder.Select((block, at) => new MergedUFuserBlock(block, at == 3 ? 1 : 2, placed))];
        _infraredDown = Downs(weights.InfraredDown);
        _visibleDown = Downs(weights.VisibleDown);
        _up = [.. weights.Up.Select((w, at) => placed.PlaceKernel(w, UFuserSchema.LevelChannels[at + 1], -1, 4, 4))];
        _last = placed.PlaceKernel(weights.Last, 1, UFuserSchema.LevelChannels[0], 3, 3);
        _lastBias = placed.Place(weights.LastBias, 1);
    }

    internal ActivationObserver? Observe { get; set; }

    /// <summary>Fuses a batch, without a record for gradients.</summary>
    /// <param name="infrared">[N, 1, H, W] float32 in [0, 1] on the device; H and W multiples of 8, at least 16.</param>
    /// <param name="visible">The same shape.</param>
    /// <returns>[N, 1, H, W] float32 in (0, 1), on the device; the caller disposes it.</returns>
    public Tensor Forward(Tensor infrared, Tensor visible)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] i = Encode("I", infrared.to(_compute), _infrared, _infraredDown);
        Tensor[] v = Encode("V", visible.to(_compute), _visible, _visibleDown);
        Tensor[] f = [.. Enumerable.Range(0, 4).Select(level => _fusion[level].Forward(Observe, i[level], v[level]))];

        Tensor o = _decoder[3].Forward(Observe, f[3]);
        for (int level = 2; level >= 0; level--)
            o = _decoder[level].Forward(Observe, Up(level, o), f[level]);
        return MergedSteps.Reflect3x3(o, _last, _lastBias).sigmoid_().to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    private Tensor[] Encode(string stream, Tensor picture, MergedUFuserBlock[] blocks, Tensor[] downs)
    {
        Tensor[] features = new Tensor[blocks.Length];
        features[0] = blocks[0].Forward(Observe, picture);
        for (int level = 1; level < blocks.Length; level++)
        {
            using Tensor down = MergedSteps.Reflect3x3(features[level - 1], downs[level - 1], stride: 2);
            Observe?.See($"{stream}_down{level}", down);
            features[level] = blocks[level].Forward(Observe, down);
        }
        return features;
    }

    private Tensor Up(int level, Tensor x)
    {
        Tensor up = functional.conv_transpose2d(x, _up[level], strides: [2, 2], padding: [1, 1]).relu_();
        Observe?.See($"up{level + 2}", up);
        return up;
    }
}
