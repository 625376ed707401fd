using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Imaging.Color;
using OpenCvSharp;

namespace EmmaStream.Registration.Warping;

/// <summary>
/// Brings infrared frames into the geometry of the fused picture with one remap a frame. Built once: for each output pixel the infrared position in
/// steps of 1/32 pixel; with it the coverage, which tells where the infrared is known. Applying it changes nothing in it, so threads may
/// share it; whoever made it disposes it after the last frame.
/// </summary>
public sealed class WarpMap : IDisposable
{
    /// <summary>Width of the coverage's soft edge inside the infrared's border, in output pixels.</summary>
    public const int SoftEdge = 8;

    private const double IdentityTolerance = 1.0 / 64;   // a remap rounds to 1/32 pixel

    private readonly FramePool _pool;
    private readonly Mat? _positions;
    private readonly Mat? _weights;
    private readonly InputArray? _positionsArgument, _weightsArgument;   // made once: a call with the Mats would allocate them anew
    private readonly PlaneViews _views = new();
    private readonly Frame? _coverage;

    /// <summary>Builds the map; takes up to about 0.1 s for each megapixel.</summary>
    /// <param name="infraredToOutput">Infrared pixel to output pixel, pixel centres at integers.</param>
    /// <param name="infrared">Pixels of the frames to be warped.</param>
    /// <param name="output">Pixels of the results.</param>
    /// <param name="pool">Lends the results and the coverage.</param>
    /// <exception cref="ArgumentException">The homography is not finite or has no inverse.</exception>
    public WarpMap(Homography infraredToOutput, FrameSize infrared, FrameSize output, FramePool pool)
    {
        if (!infraredToOutput.IsFinite || infraredToOutput.Determinant == 0)
            throw new ArgumentException("the homography is not finite or has no inverse", nameof(infraredToOutput));
        _pool = pool;
        Infrared = infrared;
        Output = output;
        IsIdentity = infrared == output && MovesNothing(infraredToOutput, infrared);
        if (IsIdentity)
            return;
        OutputToInfrared positions = new(infraredToOutput, infrared);
        _coverage = CoveragePainter.Paint(positions, output, pool);
        _positions = new Mat();
        _weights = new Mat();
        using Mat xs = new(output.Height, output.Width, MatType.CV_32FC1), ys = new(output.Height, output.Width, MatType.CV_32FC1);
        Fill(positions, output, xs, ys);
        Cv2.ConvertMaps(xs, ys, _positions, _weights, MatType.CV_16SC2, false);
        _positionsArgument = InputArray.Create(_positions);
        _weightsArgument = InputArray.Create(_weights);
    }

    /// <summary>The map of a registration: its homography and its scale to the output in one.</summary>
    public static WarpMap Of(Files.RegistrationFile registration, FramePool pool) =>
        new(registration.InfraredToOutput, registration.Infrared, registration.Output, pool);

    /// <summary>Pixels of the frames it takes.</summary>
    public FrameSize Infrared { get; }

    /// <summary>Pixels of the frames it gives.</summary>
    public FrameSize Output { get; }

    /// <summary>Whether it moves nothing, so that frames are passed on as they are.</summary>
    public bool IsIdentity { get; }

    /// <summary>
    /// gray8 of output size: 255 where the infrared is known, falling linearly to 0 over the last <see cref="SoftEdge"/> output pixels inside its border.
    /// Null where it is known everywhere. The map owns it: share it into a pair.
    /// </summary>
    public Frame? Coverage => _coverage;

    /// <summary>The frame in output geometry, with its own stamp; the caller owns it. Outside the infrared its border pixels go on.</summary>
    /// <param name="frame">
    /// Size <see cref="Infrared"/>. gray8, gray16 and grayf32 keep their format; of yuv420p and nv12 the luma is taken and gives gray8 of the same
    /// range; bgr24 gives its luma as full-range gray8. At identity the very frame is shared, whatever its format.
    /// </param>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public Frame Apply(Frame frame)
    {
        if (frame.Size != Infrared)
            throw new ArgumentException($"the map takes frames of {Infrared}, this one has {frame.Size}", nameof(frame));
        if (IsIdentity)
            return frame.Share();
        if (frame.Format.Pixels == PixelFormat.Bgr24)
        {
            using Frame luma = LumaConversion.ToGray(frame, _pool);
            return Apply(luma);
        }
        PixelFormat pixels = frame.Format.HasColor ? PixelFormat.Gray8 : frame.Format.Pixels;
        Frame warped = _pool.Rent(frame.Format with { Pixels = pixels, Size = Output }, frame.Stamp);
        try
        {
            PlaneCalls.Remap(_views.Read(frame), _views.Write(warped), _positionsArgument!, _weightsArgument!);
            return warped;
        }
        catch
        {
            warped.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _views.Dispose();
        _positionsArgument?.Dispose();
        _weightsArgument?.Dispose();
        _positions?.Dispose();
        _weights?.Dispose();
        _coverage?.Dispose();
    }

    private static bool MovesNothing(Homography map, FrameSize size)
    {
        foreach ((int x, int y) in (ReadOnlySpan<(int, int)>)[(0, 0), (size.Width - 1, 0), (0, size.Height - 1), (size.Width - 1, size.Height - 1)])
        {
            (double mappedX, double mappedY) = map.Map(x, y);
            if (!(Math.Abs(mappedX - x) < IdentityTolerance && Math.Abs(mappedY - y) < IdentityTolerance))
                return false;
        }
        return true;
    }

    private static unsafe void Fill(OutputToInfrared positions, FrameSize output, Mat xs, Mat ys)
    {
        for (int y = 0; y < output.Height; y++)
        {
            float* toX = (float*)xs.Ptr(y), toY = (float*)ys.Ptr(y);
            for (int x = 0; x < output.Width; x++)
            {
                (double infraredX, double infraredY) = positions.At(x, y);
                toX[x] = (float)infraredX;
                toY[x] = (float)infraredY;
            }
        }
    }
}
