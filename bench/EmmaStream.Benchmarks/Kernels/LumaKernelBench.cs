using BenchmarkDotNet.Attributes;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Kernels;

namespace EmmaStream.Benchmarks.Kernels;

/// <summary>The luma kernels on one 640x480 picture, against the plain loop that defines each.</summary>
[MemoryDiagnoser]
public class LumaKernelBench
{
    private const int Samples = 640 * 480;

    private readonly byte[] _stored = new byte[Samples], _coverage = new byte[Samples];
    private readonly ushort[] _deep = new ushort[Samples];
    private readonly float[] _unit = new float[Samples], _visible = new float[Samples];
    private readonly LumaScale _scale = LumaScale.Of(ColorRange.Limited);

    [GlobalSetup]
    public void Fill()
    {
        Random random = new(1);
        random.NextBytes(_stored);
        random.NextBytes(_coverage);
        for (int i = 0; i < Samples; i++)
            (_deep[i], _visible[i]) = ((ushort)random.Next(65536), random.NextSingle());
    }

    [Benchmark]
    public void Expand() => LumaKernels.Expand(_stored, _unit, _scale);

    [Benchmark]
    public void ExpandPlain()
    {
        for (int i = 0; i < Samples; i++)
            _unit[i] = Math.Clamp((_stored[i] - _scale.Black) / _scale.Span, 0, 1);
    }

    [Benchmark]
    public void ExpandSixteenBits() => LumaKernels.Expand(_deep, _unit, new LumaScale(1000, 60000));

    [Benchmark]
    public void Compress() => LumaKernels.Compress(_visible, _stored, _scale);

    [Benchmark]
    public void CompressPlain()
    {
        for (int i = 0; i < Samples; i++)
            _stored[i] = (byte)(Math.Clamp(_visible[i], 0, 1) * _scale.Span + _scale.Black + 0.5f);
    }

    [Benchmark]
    public void Fill_from_the_visible() => LumaKernels.Fill(_unit, _visible, _coverage);

    [Benchmark]
    public (float, float) Limits() => LumaKernels.Limits(_visible);
}
