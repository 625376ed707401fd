using System.Text;

namespace EmmaStream.KernelGenerator;

/// <summary>Writes the kernels whose accumulators must be separate locals: tiles of (outputs x vectors) and direct 3x3 sums over four phases.</summary>
/// <param name="width">Vector type and tile height.</param>
public sealed class TileWriter(VectorWidth width)
{
    private const int LargestTile = 3;
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>The whole file.</summary>
    public string Write()
    {
        Line("using System.Runtime.CompilerServices;");
        Line("using System.Runtime.Intrinsics;");
        Line("using System.Runtime.Intrinsics.X86;");
        Line("using EmmaStream.Fusion.Cpu.Layout;");
        Line("");
        Line("namespace EmmaStream.Fusion.Cpu.Kernels;");
        Line("");
        Line($"internal unsafe partial struct {width.Type}Kernels");
        Open();
        MultiplyPoints();
        Pointwise();
        Direct3x3();
        Sigmoid3x3();
        GroupedGate();
        Close();
        return _text.ToString();
    }

    /// <summary>8 outputs at each of the 36 points, in tiles of 3, 2 and 1 vectors.</summary>
    private void MultiplyPoints()
    {
        Method("public static void MultiplyPoints(float* points, int channels, float* weights, float* products, int tiles)");
        EachTile("tiles", n => EachOutputHalf(first => Line($"Multiply{width.Outputs}x{n}(points + at, channels, weights + {first}, products + {first} * Winograd.ChannelStride + at);")));
        Close();
        for (int n = LargestTile; n > 0; n--)
            MultiplyTile(n);
    }

    private void MultiplyTile(int vectors)
    {
        Method($"private static void Multiply{width.Outputs}x{vectors}(float* points, int channels, float* weights, float* products)");
        Line("nint pointStride = Winograd.InputStride(channels);");
        Line("for (int i = 0; i < Winograd.Points; i++, points += pointStride, products += Winograd.ProductStride)");
        Open();
        Line("for (int j = 0; j < Winograd.Points; j++)");
        Open();
        Line("float* v = points + j * Winograd.BlockTiles;");
        Line("float* m = products + j * Winograd.BlockTiles;");
        Declare(width.Outputs, vectors, _ => $"{width.Type}<float>.Zero");
        Line("for (int c = 0; c < channels; c++, v += Winograd.ChannelStride, weights += 8)");
        Open();
        Line("Sse.Prefetch0(weights + 1024);   // weights of small levels come from far and are read once");
        Accumulate(width.Outputs, vectors, o => $"weights[{o}]");
        Close();
        for (int o = 0; o < width.Outputs; o++)
            for (int n = 0; n < vectors; n++)
                Line($"a{o}{n}.Store(m + {o} * Winograd.ChannelStride + {n * width.Lanes});");
        Close();
        Close();
        Close();
    }

    /// <summary>8 outputs of a 1x1 over a run.</summary>
    private void Pointwise()
    {
        Method("public static void Pointwise(float* x, nint* offsets, int inputs, float* weights, float* bias, float* y, nint stride, float* residual, int length)");
        EachTile("length", n => EachOutputHalf(first => Line(
            $"Pointwise{width.Outputs}x{n}(x + at, offsets, inputs, weights + {first}, bias == null ? null : bias + {first}, y + {first} * stride + at, stride, residual == null ? null : residual + {first} * stride + at);")));
        Close();
        for (int n = LargestTile; n > 0; n--)
            PointwiseTile(n);
    }

    private void PointwiseTile(int vectors)
    {
        Method($"private static void Pointwise{width.Outputs}x{vectors}(float* x, nint* offsets, int inputs, float* weights, float* bias, float* y, nint stride, float* residual)");
        Declare(width.Outputs, vectors, o => $"bias == null ? {width.Type}<float>.Zero : {width.Type}.Create(bias[{o}])");
        Line("for (int k = 0; k < inputs; k++, weights += 8)");
        Open();
        Line("float* v = x + offsets[k];");
        Accumulate(width.Outputs, vectors, o => $"weights[{o}]");
        Close();
        Line("if (residual != null)");
        Open();
        for (int o = 0; o < width.Outputs; o++)
            for (int n = 0; n < vectors; n++)
                Line($"a{o}{n} += {width.Type}.Load(residual + {o} * stride + {n * width.Lanes});");
        Close();
        for (int o = 0; o < width.Outputs; o++)
            for (int n = 0; n < vectors; n++)
                Line($"a{o}{n}.Store(y + {o} * stride + {n * width.Lanes});");
        Close();
    }

    /// <summary>4 outputs x 4 phases; AVX2 has registers for 2 outputs.</summary>
    private void Direct3x3()
    {
        int outputs = width.Outputs / 2;
        Method("public static void Direct3x3(float** rows, in PhaseLayout layout, float* weights, float* y, float* bias, float* residual, bool relu)");
        for (int first = 0; first < 4; first += outputs)
            Line($"Direct3x3Of{outputs}(rows, layout, weights + {first}, y + {first} * layout.ChannelStride, bias == null ? null : bias + {first}, residual == null ? null : residual + {first} * layout.ChannelStride, relu);");
        Close();
        Method($"private static void Direct3x3Of{outputs}(float** rows, in PhaseLayout layout, float* weights, float* y, float* bias, float* residual, bool relu)");
        PhaseLoop();
        Declare(outputs, 4, o => $"bias == null ? {width.Type}<float>.Zero : {width.Type}.Create(bias[{o}])");
        Line("float* w = weights;");
        Line("for (nint c = 0; c < layout.Channels; c++)");
        Open();
        Line("for (int r = 0; r < 3; r++, w += 12)");
        Open();
        Line("float* x = rows[r] + c * layout.ChannelStride + n;");
        Taps("a", outputs, (o, t) => $"w[{(t * 4) + o}]");
        Close();
        Close();
        for (int o = 0; o < outputs; o++)
            for (int p = 0; p < 4; p++)
            {
                Line($"if (residual != null) a{o}{p} += {width.Type}.Load(residual + {o} * layout.ChannelStride + p{p} + n);");
                Line($"if (relu) a{o}{p} = {width.Type}.MaxNative(a{o}{p}, {width.Type}<float>.Zero);");
                Line($"a{o}{p}.Store(y + {o} * layout.ChannelStride + p{p} + n);");
            }
        Close();
        Close();
    }

    /// <summary>One output x 4 phases; even and odd channels apart, so that 8 sums hide the latency.</summary>
    private void Sigmoid3x3()
    {
        Method("public static void Sigmoid3x3(float** rows, in PhaseLayout layout, float* weights, float bias, float* y)");
        PhaseLoop();
        Declare(1, 4, _ => $"{width.Type}.Create(bias)");
        Declare(1, 4, _ => $"{width.Type}<float>.Zero", "b");
        Line("float* w = weights;");
        Line("for (nint c = 0; c < layout.Channels; c += 2, w += 18)");
        Open();
        Line("for (int r = 0; r < 3; r++)");
        Open();
        foreach ((string sums, int channel) in new[] { ("a", 0), ("b", 1) })
        {
            Open();
            Line($"float* x = rows[r] + (c + {channel}) * layout.ChannelStride + n;");
            Taps(sums, 1, (_, t) => $"w[{(channel * 9) + t} + 3 * r]");
            Close();
        }
        Close();
        Close();
        for (int p = 0; p < 4; p++)
            Line($"Logistic(a0{p} + b0{p}).Store(y + p{p} + n);");
        Close();
        Close();
    }

    /// <summary>2 outputs x 4 phases of each half, then the gate.</summary>
    private void GroupedGate()
    {
        Method("public static void GroupedGate(float** first, float** second, in PhaseLayout layout, int tiles, float* weights, float* y)");
        Line("for (int g = 0; g < layout.Channels; g += 2)");
        Line("    GroupedGatePair(first, second, layout, tiles, weights + g * 18, weights + (layout.Channels + g) * 18, (nint)g * layout.ChannelStride, y);");
        Close();
        Method("private static void GroupedGatePair(float** first, float** second, in PhaseLayout layout, int tiles, float* weights, float* others, nint channel, float* y)");
        PhaseLoop("tiles");
        GroupedSums("a", "first", "weights");
        for (int o = 0; o < 2; o++)
            for (int p = 0; p < 4; p++)
                Line($"a{o}{p} = Gelu(a{o}{p});");
        GroupedSums("b", "second", "others");
        for (int o = 0; o < 2; o++)
            for (int p = 0; p < 4; p++)
                Line($"(a{o}{p} * b{o}{p}).Store(y + channel + {o} * layout.ChannelStride + p{p} + n);");
        Close();
        Close();
    }

    private void GroupedSums(string sums, string rows, string weights)
    {
        Declare(2, 4, _ => $"{width.Type}<float>.Zero", sums);
        Line("for (nint i = 0; i < 2; i++)");
        Open();
        Line("for (int r = 0; r < 3; r++)");
        Open();
        Line($"float* x = {rows}[r] + channel + i * layout.ChannelStride + n;");
        Line($"float* w = {weights} + i * 9 + r * 3;");
        Taps(sums, 2, (o, t) => $"w[{(o * 18) + t}]");
        Close();
        Close();
    }

    /// <summary>The 3 taps of one row of one channel: pixel x - 1, x, x + 1 of phase p lie in phase lines p - 1, p, p + 1.</summary>
    private void Taps(string sums, int outputs, Func<int, int, string> weight)
    {
        Open();
        string[] sources = ["x + p3 - 1", "x + p0", "x + p1", "x + p2", "x + p3", "x + p0 + 1"];
        for (int s = 0; s < 6; s++)
            Line($"{width.Type}<float> v{s} = {width.Type}.Load({sources[s]});");
        for (int t = 0; t < 3; t++)
            for (int o = 0; o < outputs; o++)
            {
                Line($"{width.Type}<float> w{t}{o} = {width.Type}.Create({weight(o, t)});");
                for (int p = 0; p < 4; p++)
                    Line($"{sums}{o}{p} = {width.Type}.FusedMultiplyAdd(v{p + t}, w{t}{o}, {sums}{o}{p});");
            }
        Close();
    }

    private void PhaseLoop(string tiles = "layout.Line")
    {
        Line("nint p0 = layout.Phase0, p1 = layout.Phase1, p2 = layout.Phase2, p3 = layout.Phase3;");
        Line($"for (nint n = 0; n < {tiles}; n += Lanes)");
        Open();
    }

    private void Declare(int outputs, int vectors, Func<int, string> start, string name = "a")
    {
        for (int o = 0; o < outputs; o++)
            for (int n = 0; n < vectors; n++)
                Line($"{width.Type}<float> {name}{o}{n} = {start(o)};");
    }

    private void Accumulate(int outputs, int vectors, Func<int, string> weight)
    {
        for (int n = 0; n < vectors; n++)
            Line($"{width.Type}<float> v{n} = {width.Type}.Load(v + {n * width.Lanes});");
        for (int o = 0; o < outputs; o++)
        {
            Line($"{width.Type}<float> w{o} = {width.Type}.Create({weight(o)});");
            for (int n = 0; n < vectors; n++)
                Line($"a{o}{n} = {width.Type}.FusedMultiplyAdd(v{n}, w{o}, a{o}{n});");
        }
    }

    /// <summary>A run in tiles of 3 vectors, the rest in 2 and 1; 4 vectors are 2 + 2.</summary>
    private void EachTile(string length, Action<int> call)
    {
        Line("int at = 0;");
        Line($"for (; {length} - at >= 3 * Lanes && {length} - at != 4 * Lanes; at += 3 * Lanes)");
        Open();
        call(3);
        Close();
        Line($"for (; {length} - at >= 2 * Lanes; at += 2 * Lanes)");
        Open();
        call(2);
        Close();
        Line($"if (at < {length})");
        Open();
        call(1);
        Close();
    }

    private void EachOutputHalf(Action<int> call)
    {
        for (int first = 0; first < 8; first += width.Outputs)
            call(first);
    }

    private void Method(string signature)
    {
        Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        Line(signature);
        Open();
    }

    private void Line(string text) => _text.Append(' ', text.Length == 0 ? 0 : 4 * _depth).Append(text).Append('\n');

    private void Open()
    {
        Line("{");
        _depth++;
    }

    private void Close()
    {
        _depth--;
        Line("}");
    }
}
