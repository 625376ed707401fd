using System.Runtime.Intrinsics;

namespace EmmaStream.Fusion.Reduced;

/// <summary>Carries a, b, c up to the picture's size, bilinearly with pixel centres at half: first down to one row, then along while they are applied.</summary>
/// <param name="coefficients">[3][height][stride].</param>
/// <param name="lines">[3][stride], room for one row.</param>
/// <param name="width">Small columns.</param>
/// <param name="height">Small rows.</param>
/// <param name="stride">Floats from row to row.</param>
/// <param name="scale">2 or 4.</param>
internal readonly unsafe struct CoefficientRows(float* coefficients, float* lines, int width, int height, int stride, int scale)
{
    // Pixel scale k + p lies between small pixels k - 1 and k or k and k + 1, nearer to k. Of small pixels k - 1 to k + 6, lanes name k and the other.
    private readonly Vector256<int> _near = scale == 2 ? Vector256.Create(1, 1, 2, 2, 3, 3, 4, 4) : Vector256.Create(1, 1, 1, 1, 2, 2, 2, 2);
    private readonly Vector256<int> _far = scale == 2 ? Vector256.Create(0, 2, 1, 3, 2, 4, 3, 5) : Vector256.Create(0, 0, 2, 2, 1, 1, 3, 3);
    private readonly Vector256<float> _farShare = scale == 2 ? Vector256.Create(0.25f) : Vector256.Create(0.375f, 0.125f, 0.125f, 0.375f, 0.375f, 0.125f, 0.125f, 0.375f);
    private readonly float* _line = lines + 1;

    /// <summary>Interpolates the coefficients down to row <paramref name="y"/> of the picture.</summary>
    public void MoveTo(int y)
    {
        float position = ((y + 0.5f) / scale) - 0.5f;
        int above = (int)MathF.Floor(position);
        Vector256<float> share = Vector256.Create(position - above);
        int first = Math.Clamp(above, 0, height - 1), second = Math.Clamp(above + 1, 0, height - 1);
        for (int n = 0; n < 3; n++)
        {
            float* from = coefficients + (((nint)n * height) + first) * stride, to = coefficients + (((nint)n * height) + second) * stride;
            float* line = _line + (n * stride);
            for (int x = 0; x < width; x += 8)
            {
                Vector256<float> a = Vector256.Load(from + x);
                Vector256.FusedMultiplyAdd(share, Vector256.Load(to + x) - a, a).Store(line + x);
            }
            line[-1] = line[0];
            line[width] = line[width - 1];
        }
    }

    /// <summary>fused = a (infrared - centre) + b (visible - centre) + c + centre, held to [0, 1].</summary>
    public void Apply(float* infrared, float* visible, float* fused, int count, float centre)
    {
        Vector256<float> middle = Vector256.Create(centre);
        int x = 0;
        for (; x <= count - 8; x += 8)
        {
            float* at = _line + (x / scale) - 1;
            Vector256<float> sum = Along(at + (2 * stride)) + middle;
            sum = Vector256.FusedMultiplyAdd(Along(at), Vector256.Load(infrared + x) - middle, sum);
            sum = Vector256.FusedMultiplyAdd(Along(at + stride), Vector256.Load(visible + x) - middle, sum);
            Vector256.MinNative(Vector256.MaxNative(sum, default), Vector256<float>.One).Store(fused + x);
        }
        for (; x < count; x++)
        {
            float sum = Along(2, x) + centre + (Along(0, x) * (infrared[x] - centre)) + (Along(1, x) * (visible[x] - centre));
            fused[x] = Math.Clamp(sum, 0, 1);
        }
    }

    /// <summary>Coefficients of 8 pixels, the first of which is the first of a small pixel; <paramref name="at"/> is one small pixel before.</summary>
    private Vector256<float> Along(float* at)
    {
        Vector256<float> small = Vector256.Load(at), near = Vector256.Shuffle(small, _near);
        return Vector256.FusedMultiplyAdd(_farShare, Vector256.Shuffle(small, _far) - near, near);
    }

    /// <summary>One coefficient of one pixel: the definition of the above.</summary>
    private float Along(int coefficient, int x)
    {
        float position = ((x + 0.5f) / scale) - 0.5f;
        int before = (int)MathF.Floor(position);
        float* line = _line + (coefficient * stride);
        return line[before] + ((position - before) * (line[before + 1] - line[before]));
    }
}
