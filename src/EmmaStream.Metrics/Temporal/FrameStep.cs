using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// One moment of a video under evaluation: infrared, visible and every method's fused frame, as gray planes. Its planes are not written any more.
/// </summary>
/// <param name="Number">Frame number, from 0.</param>
/// <param name="Infrared">The infrared, registered.</param>
/// <param name="Visible">The visible.</param>
/// <param name="Fused">One plane a method.</param>
public sealed record FrameSet(int Number, GrayPlane Infrared, GrayPlane Visible, IReadOnlyList<GrayPlane> Fused)
{
    /// <summary>The frame of method <paramref name="method"/> with its sources.</summary>
    public PlaneTrio Trio(int method) => new(Fused[method], Infrared, Visible);

    /// <summary>The frame's time since the first, in seconds.</summary>
    public double Seconds { get; init; }

    internal int Streams => Fused.Count + 2;

    // Streams by number: 0 infrared, 1 visible, 2.. the methods.
    internal GrayPlane Plane(int stream) => stream switch { 0 => Infrared, 1 => Visible, _ => Fused[stream - 2] };
}

/// <summary>
/// Two frames that follow each other and the motion between them, in every stream, there and back. Motion is measured when it is first asked
/// for and kept, as two frames' metrics share each step. Safe for use by many threads.
/// </summary>
public sealed class FrameStep
{
    private readonly Lazy<FlowField>[] _forward, _backward;

    /// <summary>The step from <paramref name="first"/> to <paramref name="second"/>.</summary>
    public FrameStep(FrameSet first, FrameSet second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (First, Second) = (first, second);
        _forward = new Lazy<FlowField>[first.Streams];
        _backward = new Lazy<FlowField>[first.Streams];
        for (int i = 0; i < first.Streams; i++)
        {
            int stream = i;
            _forward[i] = new(() => GridFlow.Measure(first.Plane(stream), second.Plane(stream)));
            _backward[i] = new(() => GridFlow.Measure(second.Plane(stream), first.Plane(stream)));
        }
    }

    /// <summary>The earlier frame.</summary>
    public FrameSet First { get; }

    /// <summary>The later frame.</summary>
    public FrameSet Second { get; }

    internal FlowField Forward(int stream) => _forward[stream].Value;

    internal FlowField Backward(int stream) => _backward[stream].Value;
}
