using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch;
using EmmaStream.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace EmmaStream.Training.Networks;

/// <summary>A network with what its training needs: its parameters as one vector, its optimiser, and the moving average of its weights.</summary>
/// <typeparam name="T">The module.</typeparam>
internal sealed class Trainee<T> : IDisposable
    where T : nn.Module
{
    private readonly FlatParameters _parameters;
    private Adam _adam;
    private Tensor? _average;

    /// <summary>Takes the module over.</summary>
    public Trainee(T module)
    {
        Module = module;
        _parameters = new FlatParameters(module);
        _adam = new Adam(_parameters);
    }

    /// <summary>The network.</summary>
    public T Module { get; }

    /// <summary>Whether gradients are formed for its parameters. A frozen one lets them through to its input.</summary>
    public bool IsFrozen
    {
        set
        {
            foreach (Parameter parameter in Module.parameters())
                parameter.requires_grad = !value;
        }
    }

    /// <summary>Takes the average of the phase before for the weights, and forgets what the optimiser knows.</summary>
    public void BeginPhase()
    {
        if (_average is not null)
        {
            using IDisposable noGrad = no_grad();
            _parameters.Values.copy_(_average);
        }
        _adam.Dispose();
        _adam = new Adam(_parameters);
        _average?.Dispose();
        _average = null;
    }

    /// <summary>Zero gradients, for the next backward pass to add to.</summary>
    public void ClearGradients() => _parameters.Gradients.zero_();

    /// <summary>A step down the gradient of the last backward pass.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="clip">Largest norm of the gradient; null: any.</param>
    /// <param name="averageDecay">Decay of the moving average; 0: none is kept.</param>
    /// <returns>The norm of the gradient, before it was shortened.</returns>
    /// <exception cref="Fault">The gradient is NaN or infinite; the weights are as before.</exception>
    public double Step(double rate, double? clip, double averageDecay = 0)
    {
        double norm = _parameters.Clip(clip);
        if (!double.IsFinite(norm))
            throw new Fault(FaultKind.Fusion, $"the gradient of {Module.GetName()} is {norm}");
        _adam.Step(rate);
        if (averageDecay > 0)
        {
            _average ??= _parameters.Values.clone().DetachFromDisposeScope();
            _average.TimesInPlace(averageDecay).PlusInPlace(_parameters.Values, 1 - averageDecay);
        }
        return norm;
    }

    /// <summary>Runs something with the moving average in the place of the weights, where there is one.</summary>
    public TResult WithAverage<TResult>(Func<TResult> use)
    {
        if (_average is null)
            return use();
        using IDisposable noGrad = no_grad();
        using Tensor present = _parameters.Values.clone();
        _parameters.Values.copy_(_average);
        try
        {
            return use();
        }
        finally
        {
            _parameters.Values.copy_(present);
        }
    }

    /// <summary>Optimiser and average, for a checkpoint.</summary>
    public WeightSet SaveState(string origin)
    {
        AdamState state = _adam.Save();
        List<WeightTensor> tensors = [new("mean", [state.Mean.Length], state.Mean), new("square", [state.Square.Length], state.Square)];
        if (_average is not null)
        {
            using Tensor here = _average.cpu();
            tensors.Add(new("average", [state.Mean.Length], here.data<float>().ToArray()));
        }
        return new WeightSet(origin, tensors, new Dictionary<string, string> { ["steps"] = $"{state.Steps}" });
    }

    /// <summary>Goes on from a checkpoint's optimiser and average.</summary>
    /// <exception cref="Fault">They are of another network.</exception>
    public void RestoreState(WeightSet state)
    {
        long count = _parameters.Values.numel();
        if (!state.Contains("mean") || !state.Contains("square") || state.Tensors.Any(t => t.Values.Length != count)
            || !state.Metadata.TryGetValue("steps", out string? steps) || !long.TryParse(steps, out long done))
        {
            throw Fault.Input($"{state.Origin}: no optimiser state of a network with {count} parameters. Resume from the checkpoint of this training");
        }
        _adam.Restore(new AdamState(done, state["mean"].Values, state["square"].Values));
        if (state.Contains("average"))
            _average = tensor(state["average"].Values, device: _parameters.Values.device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _average?.Dispose();
        _adam.Dispose();
        _parameters.Dispose();
        Module.Dispose();
    }
}
