using EmmaStream.Torch;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Losses;

/// <summary>
/// Keeps the levels below the first alive: a channel after an up-sampling that is never above zero gets no gradient through its ReLU, and all
/// that lies behind it stops learning. The penalty is the mean over channels of max(0, 1/5 - share), where share counts values above zero
/// softly, in units of the channel's own spread, so that a channel is pulled back before it is dead.
/// </summary>
/// <param name="weight">Factor; 0 leaves it out.</param>
internal sealed class ActivityPenalty(double weight)
{
    private const double LeastShare = 0.2, Steepness = 4, SmallestSpread = 1e-4;

    /// <summary>Fuses with the network and watches its up-samplings.</summary>
    /// <returns>The fused pictures and the weighted penalty; null without a weight.</returns>
    public (Tensor Fused, Tensor? Penalty) Fuse(UFuserModule network, Tensor infrared, Tensor visible, LossTerms terms)
    {
        if (weight == 0)
            return (network.call(infrared, visible), null);
        List<Tensor> parts = [];
        network.ObserveUp = (_, result) => parts.Add(Of(result).DetachFromDisposeScope());
        Tensor fused = network.call(infrared, visible);
        network.ObserveUp = null;
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = parts[0];
        foreach (Tensor part in parts.Skip(1))
            sum = sum.Plus(part);
        terms.Add("activity", sum.item<float>());
        Tensor penalty = sum.Times(weight).MoveToOuterDisposeScope();
        foreach (Tensor part in parts)
            part.Dispose();
        return (fused, penalty);
    }

    /// <param name="result">[N, C, H, W] before the activation.</param>
    private static Tensor Of(Tensor result)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor spread = result.detach().square().mean([0, 2, 3], keepdim: true).sqrt().PlusInPlace(SmallestSpread);
        Tensor share = (result / spread).Times(Steepness).sigmoid().mean([0, 2, 3]);
        return share.neg().Plus(LeastShare).relu().mean().MoveToOuterDisposeScope();
    }
}
