using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Reduced;

/// <summary>
/// A local model F ~ a I + b V + c of a small fused picture. Fitted by least squares with a small ridge in every window of (2r + 1)^2
/// pixels; a pixel's coefficients are the mean over all windows it lies in, each weighted by 1 / (its residual variance + 1e-4): windows
/// that straddle an edge fit badly and count for little. Coefficients go up bilinearly and meet the sources at full size.
/// </summary>
/// <remarks>
/// Sums of a window are added up anew for each pixel, first down, then along: at these radii that costs as little as running sums and
/// gathers no error. Values are taken from 0.5, so that variances as differences of means keep enough digits.
/// </remarks>
internal sealed unsafe class LocalLinearModel : IDisposable
{
    /// <summary>Added to both variances: below it more precision changes nothing, 1e-4 already costs 0.005 of SSIM.</summary>
    public const float Ridge = 1e-5f;

    private const float WeightFloor = 1e-4f;
    private const float Centre = 0.5f;
    private const int Moments = 9;
    private const int Margin = 8;   // floats of zero beside every row of sums: at least the radius

    private NativeFloats? _memory;
    private float* _sums;          // [9][stride]: sums of a column of the window
    private float* _reciprocals;   // 1 / columns of the window, by pixel
    private float* _windows;       // [4][height][stride]: weight x a, b, c and the weight, by window
    private float* _coefficients;  // [3][height][stride]: a, b, c by pixel
    private float* _lines;         // [3][stride]: a, b, c of one row of the picture, still at the small width
    private int _width, _height, _stride, _radius;
    private FusionScale _scale;

    /// <summary>Radius of the windows in small pixels; quality is flat from 2 to 6.</summary>
    public static int RadiusOf(FusionScale scale) => scale == FusionScale.Half ? 3 : 4;

    /// <summary>Fits the model to a small fused picture and its small sources.</summary>
    public void Fit(in FusionJob small, FusionScale scale)
    {
        Resize(small.Fused.Width, small.Fused.Height, scale);
        for (int y = 0; y < _height; y++)
        {
            SumColumns(small, y);
            Solve(y);
        }
        for (int y = 0; y < _height; y++)
            Average(y);
    }

    /// <summary>Applies the model to the full-size sources: the result, held to [0, 1].</summary>
    public void Apply(in FusionJob job)
    {
        var rows = new CoefficientRows(_coefficients, _lines, _width, _height, _stride, (int)_scale);
        for (int y = 0; y < job.Fused.Height; y++)
        {
            rows.MoveTo(y);
            rows.Apply(
                job.Infrared.Data + ((nint)y * job.Infrared.Stride), job.Visible.Data + ((nint)y * job.Visible.Stride),
                job.Fused.Data + ((nint)y * job.Fused.Stride), job.Fused.Width, Centre);
        }
    }

    public void Dispose() => _memory?.Dispose();

    private void Resize(int width, int height, FusionScale scale)
    {
        (_scale, _radius) = (scale, RadiusOf(scale));
        int stride = ((width + 15) / 16 * 16) + (2 * Margin);
        if ((_width, _height, _stride) != (width, height, stride))
        {
            (_width, _height, _stride) = (width, height, stride);
            long floats = (stride * (Moments + 1 + 3L)) + (7L * height * stride) + 64;
            if (_memory is null || _memory.Count < floats)
            {
                _memory?.Dispose();
                _memory = new NativeFloats(floats);
            }
            new Span<float>(_memory.Pointer, checked((int)floats)).Clear();
            _sums = _memory.Pointer + Margin;
            _reciprocals = _sums + (Moments * stride);
            _windows = _reciprocals + stride;
            _coefficients = _windows + (4 * (nint)height * stride);
            _lines = _coefficients + (3 * (nint)height * stride);
        }
        for (int x = 0; x < width; x++)
            _reciprocals[x] = 1f / (Math.Min(x + _radius, width - 1) - Math.Max(x - _radius, 0) + 1);
    }

    /// <summary>I, V, F, II, VV, IV, IF, VF, FF summed over the rows of the window, for every column. What lies outside stays zero.</summary>
    private void SumColumns(in FusionJob small, int y)
    {
        int first = Math.Max(y - _radius, 0), end = Math.Min(y + _radius, _height - 1) + 1;
        for (int x = 0; x < _width; x += 8)
        {
            Vector256<float> i = default, v = default, f = default, ii = default, vv = default, iv = default, fi = default, fv = default, ff = default;
            for (int row = first; row < end; row++)
            {
                Vector256<float> a = Centred(small.Infrared, row, x), b = Centred(small.Visible, row, x), c = Centred(small.Fused, row, x);
                i += a;
                v += b;
                f += c;
                ii = Vector256.FusedMultiplyAdd(a, a, ii);
                vv = Vector256.FusedMultiplyAdd(b, b, vv);
                iv = Vector256.FusedMultiplyAdd(a, b, iv);
                fi = Vector256.FusedMultiplyAdd(c, a, fi);
                fv = Vector256.FusedMultiplyAdd(c, b, fv);
                ff = Vector256.FusedMultiplyAdd(c, c, ff);
            }
            float* to = _sums + x;
            i.Store(to);
            v.Store(to + _stride);
            f.Store(to + (2 * _stride));
            ii.Store(to + (3 * _stride));
            vv.Store(to + (4 * _stride));
            iv.Store(to + (5 * _stride));
            fi.Store(to + (6 * _stride));
            fv.Store(to + (7 * _stride));
            ff.Store(to + (8 * _stride));
        }
    }

    /// <summary>8 samples from 0.5; zero beyond the picture.</summary>
    private static Vector256<float> Centred(LumaPlane plane, int y, int x)
    {
        float* row = plane.Data + ((nint)y * plane.Stride) + x;
        if (x + 8 <= plane.Width)
            return Vector256.Load(row) - Vector256.Create(Centre);
        Vector256<float> part = default;
        for (int n = 0; n < plane.Width - x; n++)
            part = part.WithElement(n, row[n] - Centre);
        return part;
    }

    private void Solve(int y)
    {
        Vector256<float> rows = Vector256.Create(1f / (Math.Min(y + _radius, _height - 1) - Math.Max(y - _radius, 0) + 1));
        Vector256<float> ridge = Vector256.Create(Ridge);
        for (int x = 0; x < _width; x += 8)
        {
            Vector256<float> share = rows * Vector256.Load(_reciprocals + x);
            Vector256<float> i = Along(0, x) * share, v = Along(1, x) * share, f = Along(2, x) * share;
            Vector256<float> ii = (Along(3, x) * share) - (i * i) + ridge, vv = (Along(4, x) * share) - (v * v) + ridge, iv = (Along(5, x) * share) - (i * v);
            Vector256<float> fi = (Along(6, x) * share) - (f * i), fv = (Along(7, x) * share) - (f * v), ff = (Along(8, x) * share) - (f * f);
            Vector256<float> determinant = Vector256.MaxNative((ii * vv) - (iv * iv), ridge * ridge);
            Vector256<float> a = ((fi * vv) - (fv * iv)) / determinant, b = ((fv * ii) - (fi * iv)) / determinant;
            Vector256<float> c = f - (a * i) - (b * v);
            // What is left of the variance of F, the ridge being too small to matter; rounding may take it below zero.
            Vector256<float> residual = Vector256.MaxNative(ff - (a * fi) - (b * fv), default);
            Vector256<float> weight = Vector256<float>.One / (residual + Vector256.Create(WeightFloor));
            float* to = _windows + ((nint)y * _stride) + x;
            nint plane = (nint)_height * _stride;
            (a * weight).Store(to);
            (b * weight).Store(to + plane);
            (c * weight).Store(to + (2 * plane));
            weight.Store(to + (3 * plane));
        }
        for (int n = 0; n < 4; n++)
            new Span<float>(_windows + ((((nint)n * _height) + y) * _stride) + _width, _stride - _width).Clear();
    }

    /// <summary>Coefficients of a row of pixels: the weighted mean over the windows around each.</summary>
    private void Average(int y)
    {
        int first = Math.Max(y - _radius, 0), end = Math.Min(y + _radius, _height - 1) + 1;
        for (int n = 0; n < 4; n++)
            for (int x = 0; x < _width; x += 8)
            {
                Vector256<float> sum = default;
                for (int row = first; row < end; row++)
                    sum += Vector256.Load(_windows + ((((nint)n * _height) + row) * _stride) + x);
                sum.Store(_sums + (n * _stride) + x);
            }
        for (int x = 0; x < _width; x += 8)
        {
            Vector256<float> share = Vector256<float>.One / Along(3, x);
            for (int n = 0; n < 3; n++)
                (Along(n, x) * share).Store(_coefficients + ((((nint)n * _height) + y) * _stride) + x);
        }
    }

    /// <summary>8 sums over the columns of the window.</summary>
    private Vector256<float> Along(int moment, int x)
    {
        float* at = _sums + (moment * _stride) + x;
        Vector256<float> sum = Vector256.Load(at);
        for (int n = 1; n <= _radius; n++)
            sum += Vector256.Load(at - n) + Vector256.Load(at + n);
        return sum;
    }
}
