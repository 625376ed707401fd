using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Threads;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>Runs layers on some workers: parts each step into bands and hands them out, the costly layers first.</summary>
internal sealed class Crew<TKernels>
    where TKernels : struct, IKernels
{
    private readonly IReadOnlyList<Worker<TKernels>> _workers;
    private readonly WorkerPool? _pool;
    private readonly Action<int, int> _runBand;
    private readonly Band[] _bands;
    private int _count;

    /// <param name="workers">The workers; one for a crew that works on the calling thread alone.</param>
    /// <param name="pool">Their threads; none for a crew of one.</param>
    public Crew(IReadOnlyList<Worker<TKernels>> workers, WorkerPool? pool)
    {
        (_workers, _pool) = (workers, pool);
        _bands = new Band[4 * workers.Count];
        _runBand = RunBand;
    }

    /// <summary>Sees every step of every layer end, if set: (layer, step).</summary>
    public Action<Layer<TKernels>, int>? Stepped { get; set; }

    /// <summary>Runs layers that do not depend on each other.</summary>
    public void Run(params ReadOnlySpan<Layer<TKernels>> layers)
    {
        int steps = 0;
        foreach (Layer<TKernels> layer in layers)
            steps = Math.Max(steps, layer.Steps);
        for (int step = 0; step < steps; step++)
            RunStep(layers, step);
    }

    private void RunStep(ReadOnlySpan<Layer<TKernels>> layers, int step)
    {
        if (_pool is null)
        {
            RunAlone(layers, step);
            return;
        }
        _count = 0;
        foreach (Layer<TKernels> layer in layers)
        {
            if (step < layer.Steps)
                AddBands(layer, step, layers.Length);
        }
        if (_count == 1)
            RunBand(0, 0);
        else
            _pool.Run(_count, _runBand);
        foreach (Layer<TKernels> layer in layers)
            Finish(layer, step);
    }

    /// <summary>One layer after the other, each as one band: who sees steps end sees each layer's own end.</summary>
    private void RunAlone(ReadOnlySpan<Layer<TKernels>> layers, int step)
    {
        foreach (Layer<TKernels> layer in layers)
        {
            if (step < layer.Steps)
                layer.Run(step, 0, layer.Length(step), _workers[0]);
            Finish(layer, step);
        }
    }

    private void Finish(Layer<TKernels> layer, int step)
    {
        if (step >= layer.Steps)
            return;
        layer.Finish(step);
        Stepped?.Invoke(layer, step);
    }

    /// <summary>Two layers at once need half the bands each; a band computes some rows above it again, so the first may be the longest.</summary>
    private void AddBands(Layer<TKernels> layer, int step, int together)
    {
        int length = layer.Length(step);
        int wanted = together == 2 ? (_workers.Count + 1) / 2 : _workers.Count;
        int bands = Math.Clamp(length / layer.ShortestBand, 1, wanted);
        for (int b = 0; b < bands; b++)
            _bands[_count++] = new(layer, step, length * b / bands, length * (b + 1) / bands);
    }

    private void RunBand(int item, int worker)
    {
        Band band = _bands[item];
        band.Layer.Run(band.Step, band.First, band.End, _workers[worker]);
    }

    private readonly record struct Band(Layer<TKernels> Layer, int Step, int First, int End);
}
