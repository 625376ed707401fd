using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using OpenCvSharp;

namespace EmmaStream.Registration.Warping;

/// <summary>
/// Brings frames to one size by a plain scale, edges onto edges: the visible to the output size, and an infrared that has no registration.
/// Shrinking takes means over areas, enlarging is linear. Safe for use by many threads; whoever made it disposes it after the last frame.
/// </summary>
/// <param name="pool">Lends the results.</param>
public sealed class FrameScale(FramePool pool) : IDisposable
{
    private readonly PlaneViews _views = new();

    /// <summary>The frame at output size, format and stamp kept, which the caller owns; it is shared where it has that size.</summary>
    /// <param name="frame">Any format and size.</param>
    /// <param name="output">Pixels of the result.</param>
    public Frame Apply(Frame frame, FrameSize output)
    {
        if (frame.Size == output)
            return frame.Share();
        Frame scaled = pool.Rent(frame.Format with { Size = output }, frame.Stamp);
        try
        {
            bool shrinks = output.Width <= frame.Size.Width && output.Height <= frame.Size.Height;
            for (int i = 0; i < frame.Format.PlaneCount; i++)
            {
                FrameSize size = FrameMats.SizeOf(scaled.Format, i);
                PlaneCalls.Resize(_views.Read(frame, i), _views.Write(scaled, i), new Size(size.Width, size.Height), shrinks ? InterpolationFlags.Area : InterpolationFlags.Linear);
            }
            return scaled;
        }
        catch
        {
            scaled.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _views.Dispose();
}
