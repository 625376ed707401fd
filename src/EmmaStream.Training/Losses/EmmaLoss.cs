using EmmaStream.Torch;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Losses;

/// <summary>
/// EMMA's loss (paper section 3; emma.md 3.3): l(Av(f), vi) + l(Ai(f), ir) + 0.1 l(ft, U(Ai(ft), Av(ft))) with f = U(ir, vi), ft = T(f) and
/// l(p, t) = mean |p - t| + mean |grad p - grad t|. The gradient flows through both sensing networks, the transforms and both uses of U.
/// </summary>
internal sealed class EmmaLoss(PictureLoss pictures, SensingNetwork infraredSensing, SensingNetwork visibleSensing, LossOptions weights)
{
    /// <param name="network">U.</param>
    /// <param name="fused">f = U(ir, vi), [N, 1, H, W].</param>
    /// <param name="infrared">ir, the same shape.</param>
    /// <param name="visible">vi, the same shape.</param>
    /// <param name="transforms">What T does, each to every picture of the batch; none: no equivariance term.</param>
    /// <param name="terms">Receives the parts, unweighted.</param>
    /// <returns>A scalar with its graph.</returns>
    public Tensor Of(UFuserModule network, Tensor fused, Tensor infrared, Tensor visible, IReadOnlyList<PictureTransform> transforms, LossTerms terms)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sensing = Distance("sense_vi", visibleSensing.call(fused), visible, terms)
            .Plus(Distance("sense_ir", infraredSensing.call(fused), infrared, terms));
        Tensor total = sensing.Times(weights.Sensing);
        if (transforms.Count > 0)
        {
            Tensor moved = cat([.. transforms.Select(t => t.Apply(fused))], dim: 0);
            Tensor again = network.call(infraredSensing.call(moved), visibleSensing.call(moved));
            total = total.Plus(Distance("equiv", moved, again, terms).Times(weights.Equivariance));
        }
        return total.MoveToOuterDisposeScope();
    }

    private Tensor Distance(string name, Tensor p, Tensor t, LossTerms terms)
    {
        Tensor difference = p - t;
        Tensor levels = PictureLoss.Levels(difference), gradients = pictures.Sobel(difference);
        (double inLevels, double inGradients) = (levels.item<float>(), gradients.item<float>());
        terms.Add(name, inLevels + inGradients);
        terms.Add($"{name}_l1", inLevels);
        terms.Add($"{name}_grad", inGradients);
        return levels.Plus(gradients);
    }
}
