using BenchmarkDotNet.Running;
using EmmaStream.Benchmarks;
using EmmaStream.Benchmarks.Cpu;
using EmmaStream.Benchmarks.Metrics;
using EmmaStream.Benchmarks.Training;

// Benches that answer one question each: dotnet run -c Release --project bench/EmmaStream.Benchmarks -- VERB [options]
switch (args)
{
    case ["cpu", "kernels"]:
        return KernelBench.Run();
    case ["cpu", "reduced", string weights, string folder, string list]:
        return ReducedBench.Run(weights, folder, list);
    case ["onnx", string weights, ..]:
        OnnxTable.Print(weights, rounds: args.Length > 2 ? int.Parse(args[2], null) : 9);
        return 0;
    case ["metrics", ..]:
        return MetricsBench.Run(args.AsSpan(1));
    case ["training", ..]:
        return TrainingBench.Run(args.AsSpan(1));
    case ["kernels", ..]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: EmmaStream.Benchmarks VERB
              kernels [options]        Core's kernels against their scalar twins (BenchmarkDotNet; --filter '*')
              cpu kernels              the kernels of our CPU engine one by one (`emmastream bench` measures the engine)
              cpu reduced WEIGHTS FOLDER LIST
                                       fusion at 1/2 and 1/4 against full size: mean SSIM over the pairs of FOLDER/ir and FOLDER/vi
              onnx WEIGHTS [ROUNDS]    the exported graph in ONNX Runtime against our CPU engine, a Markdown table
              metrics [ROUNDS]         the metrics of one pair, one by one, and how they grow with threads
              training [--device cpu|cuda[:N]] [--threads 1,2] [--rounds N]
                                       steps of a training: the U-Fuser, a sensing network, the EMMA phase; Markdown tables
                                       (about 5 minutes on two cores; cuda needs a build with -p:TorchBackend=cuda)
            """);
        return 2;
}
