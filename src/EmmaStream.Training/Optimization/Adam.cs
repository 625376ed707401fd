using EmmaStream.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Optimization;

/// <summary>
/// Adam (Kingma and Ba, 2015, algorithm 1) with beta 0.9 and 0.999, epsilon 1e-8, as the authors' scripts use it, on a module's parameters as
/// one vector. Its state is that vector, the two moments and the number of steps.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly FlatParameters _parameters;
    private readonly Tensor _mean, _square;
    private long _steps;

    public Adam(FlatParameters parameters)
    {
        _parameters = parameters;
        _mean = zeros_like(parameters.Values);
        _square = zeros_like(parameters.Values);
    }

    /// <summary>One step down the gradient.</summary>
    /// <param name="rate">Learning rate.</param>
    public void Step(double rate)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor gradient = _parameters.Gradients;
        _steps++;
        _mean.TimesInPlace(Beta1).PlusInPlace(gradient, 1 - Beta1);
        _square.TimesInPlace(Beta2).PlusInPlace(gradient * gradient, 1 - Beta2);
        Tensor spread = _square.sqrt().TimesInPlace(1 / Math.Sqrt(1 - Math.Pow(Beta2, _steps))).PlusInPlace(Epsilon);
        _parameters.Values.PlusInPlace(_mean / spread, -rate / (1 - Math.Pow(Beta1, _steps)));
    }

    /// <summary>What a checkpoint keeps.</summary>
    public AdamState Save() => new(_steps, Copy(_mean), Copy(_square));

    /// <summary>Goes on where a checkpoint was made.</summary>
    public void Restore(AdamState state)
    {
        _steps = state.Steps;
        using Tensor mean = tensor(state.Mean), square = tensor(state.Square);
        _mean.copy_(mean);
        _square.copy_(square);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
    }

    private static float[] Copy(Tensor tensor)
    {
        using Tensor here = tensor.cpu();
        return here.data<float>().ToArray();
    }
}

/// <summary>The state of <see cref="Adam"/> besides the parameters.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="Mean">Moving mean of the gradient, [P].</param>
/// <param name="Square">Moving mean of its square, [P].</param>
internal sealed record AdamState(long Steps, float[] Mean, float[] Square);
