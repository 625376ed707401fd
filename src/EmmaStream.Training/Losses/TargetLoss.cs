using EmmaStream.Torch;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Losses;

/// <summary>The warm-up's loss, and the EMMA phase's anchor: likeness to the target picture in levels, gradients, pixel steps and coarse means.</summary>
internal sealed class TargetLoss(PictureLoss pictures, LossOptions weights)
{
    /// <param name="fused">f, [N, 1, H, W].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="infrared">The source, the same shape.</param>
    /// <param name="visible">The other source.</param>
    /// <param name="terms">Receives the parts, unweighted.</param>
    /// <returns>A scalar with its graph.</returns>
    public Tensor Of(Tensor fused, Tensor target, Tensor infrared, Tensor visible, LossTerms terms)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor difference = fused - target;
        Tensor total = PictureLoss.Levels(difference);
        terms.Add("levels", total.item<float>());
        Add("sobel", weights.Sobel, pictures.Sobel);
        Add("neighbours", weights.Neighbours, pictures.Neighbours);
        Add("coarse", weights.Coarse, PictureLoss.Coarse);
        Add("black", weights.Black, _ => PictureLoss.Black(fused, infrared, visible));
        return total.MoveToOuterDisposeScope();

        void Add(string name, double weight, Func<Tensor, Tensor> part)
        {
            if (weight == 0)
                return;
            Tensor value = part(difference);
            terms.Add(name, value.item<float>());
            total = total.Plus(value.Times(weight));
        }
    }
}
