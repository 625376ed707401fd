using EmmaStream.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EmmaStream.Training.Optimization;

/// <summary>
/// All parameters of a module as views of one vector, and their gradients as views of another: an optimiser's step is a few operations on one
/// tensor instead of thousands on hundreds, and a checkpoint is one array.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>Moves the module's parameters into one vector; the module goes on owning its names and shapes.</summary>
    public FlatParameters(nn.Module module)
    {
        Parameter[] parameters = [.. module.parameters()];
        long count = parameters.Sum(p => p.numel());
        Device device = parameters[0].device;
        Values = zeros(count, device: device);
        Gradients = zeros(count, device: device);
        using IDisposable noGrad = no_grad();
        long at = 0;
        foreach (Parameter parameter in parameters)
        {
            long length = parameter.numel();
            using Tensor values = Values.narrow(0, at, length).view(parameter.shape), gradient = Gradients.narrow(0, at, length).view(parameter.shape);
            values.copy_(parameter);
            parameter.set_(values);
            parameter.grad = gradient;                   // backward adds to a gradient that is there, in place
            at += length;
        }
    }

    /// <summary>[P].</summary>
    public Tensor Values { get; }

    /// <summary>[P]; zero it before a step.</summary>
    public Tensor Gradients { get; }

    /// <summary>Shortens the gradient to a norm.</summary>
    /// <returns>The norm before.</returns>
    public double Clip(double? largest)
    {
        using Tensor norm = Gradients.norm();
        double length = norm.item<float>();
        if (length > largest)
            Gradients.TimesInPlace(largest.Value / length);
        return length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
