// Benches that answer one question each: dotnet run -c Release --project bench/EmmaStream.Benchmarks -- VERB [options]
using EmmaStream.Benchmarks.Cpu;

return args switch
{
    ["cpu", "kernels"] => KernelBench.Run(),
    ["cpu", ..] => CpuBench.Run(args.AsSpan(1)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: EmmaStream.Benchmarks cpu --weights FILE [--size WxH,...] [--threads N,...] [--scale 1|2|4] [--rounds N] [--layers]");
    return 2;
}
