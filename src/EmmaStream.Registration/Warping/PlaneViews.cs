using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using OpenCvSharp;

namespace EmmaStream.Registration.Warping;

/// <summary>
/// OpenCV views over the planes of frames, kept by address: a run goes round a few buffers of its pool, and making the views anew would cost about
/// 200 bytes of managed memory each. A view is an address and a layout and reads nothing by itself, so one of a buffer that is gone does no harm.
/// Safe for use by many threads.
/// </summary>
internal sealed class PlaneViews : IDisposable
{
    private const int Limit = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(nint Address, FrameFormat Format, int Plane), View> _views = [];   // under the gate

    /// <summary>The view of a frame's plane, for reading.</summary>
    public InputArray Read(Frame frame, int plane = 0) => Of(frame.Plane(plane).Address, frame, plane).Input;

    /// <summary>The view of a frame's plane, for writing by <see cref="PlaneCalls"/>; a call of Cv2 would dispose it.</summary>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public OutputArray Write(Frame frame, int plane = 0) => Of(frame.WritablePlane(plane).Address, frame, plane).Output;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (View view in _views.Values)
                view.Dispose();
            _views.Clear();
        }
    }

    private View Of(nint address, Frame frame, int plane)
    {
        lock (_gate)
        {
            if (!_views.TryGetValue((address, frame.Format, plane), out View? view))
            {
                // Left to the collector, not disposed: another thread may be using one.
                if (_views.Count == Limit)
                    _views.Clear();
                _views.Add((address, frame.Format, plane), view = new View(FrameMats.View(frame, plane)));
            }
            return view;
        }
    }

    private sealed class View(Mat mat) : IDisposable
    {
        public InputArray Input { get; } = InputArray.Create(mat);

        public OutputArray Output { get; } = OutputArray.Create(mat);

        public void Dispose()
        {
            Input.Dispose();
            Output.Dispose();
            mat.Dispose();
        }
    }
}
