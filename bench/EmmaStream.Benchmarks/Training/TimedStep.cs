using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EmmaStream.Torch;
using EmmaStream.Torch.Devices;
using TorchSharp;

namespace EmmaStream.Benchmarks.Training;

/// <summary>One figure of a table: a step that is run again and again, and how long it took. The device has finished before the clock starts and stops.</summary>
/// <param name="settings">Device and discarded calls.</param>
/// <param name="threads">Threads of libtorch during the step; null: as they are.</param>
/// <param name="step">The step; gets its number.</param>
/// <param name="period">Steps after which the same work comes again: so many are timed together and the time is that of one.</param>
internal sealed class TimedStep(StepSettings settings, int? threads, Action<int> step, int period = 1)
{
    private readonly List<double> _milliseconds = [];
    private int _next;
    private bool _isTooLarge;

    /// <summary>Runs what is discarded. A step that the device's memory cannot hold is left out from then on.</summary>
    public void WarmUp()
    {
        try
        {
            for (int call = 0; call < settings.WarmUps; call++)
                _ = Measure();
        }
        catch (ExternalException e) when (BatchLimit.IsOutOfMemory(e))
        {
            _isTooLarge = true;
        }
    }

    /// <summary>Runs and times it once.</summary>
    public void Time()
    {
        if (!_isTooLarge)
            _milliseconds.Add(Measure());
    }

    /// <summary>The median in ms.</summary>
    public override string ToString()
    {
        if (_isTooLarge)
            return "no memory";
        double[] sorted = [.. _milliseconds.Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return median.ToString(median < 19.95 ? "F1" : "F0", CultureInfo.InvariantCulture);
    }

    private double Measure()
    {
        if (threads is { } count)
            TorchRuntime.Threads = count;
        Synchronize();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < period; i++)
            step(_next++);
        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / period;
    }

    private void Synchronize()
    {
        if (settings.UsesCuda)
            torch.cuda.synchronize();
    }
}
