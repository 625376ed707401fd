using System.CommandLine;
using EmmaStream.Cli.Models;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Onnx;
using EmmaStream.Fusion.Weights;
using EmmaStream.Media.Files;
using Spectre.Console;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream models</c>: look at weights files and convert them.</summary>
internal static class ModelsVerb
{
    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream models list",
        "emmastream models show weights.pth",
        "emmastream models import weights.pth -o emma.safetensors",
        "emmastream models export emma.safetensors --format pth -o emma.pth",
        "emmastream models export emma.safetensors --format onnx -o emma.onnx",
        "emmastream models average a.safetensors b.safetensors -o mean.safetensors",
    ];

    public static Command Build()
    {
        Command models = new("models", "Lists, shows and converts network weights.");
        models.Add(List());
        models.Add(Show());
        models.Add(Import());
        models.Add(Export());
        models.Add(Average());
        return models;
    }

    private static Command List()
    {
        Command command = new("list", "Lists the models that are installed.");
        command.SetAction(_ =>
        {
            if (ModelLibrary.Installed.Count == 0)
            {
                Console.Out.WriteLine("No models are installed. `fuse --fuser emma` takes weights with --model FILE.");
                return;
            }
            Table table = new Table().Border(TableBorder.Simple).AddColumns("name", "network", "parameters", "file");
            foreach (string path in ModelLibrary.Installed)
            {
                WeightSet weights = WeightFile.Load(path);
                table.AddRow([.. new[] { Path.GetFileNameWithoutExtension(path), NetworkOf(weights), $"{ParametersOf(weights):N0}", path }.Select(Markup.Escape)]);
            }
            if (Console.IsOutputRedirected)
                AnsiConsole.Profile.Width = 4096;   // no terminal: a path stays on one line
            AnsiConsole.Write(table);
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> model = Model();
        Option<bool> tensors = new("--tensors") { Description = "Lists every tensor with its shape." };
        Command command = new("show", "Says what a weights file holds.") { model, tensors };
        command.SetAction(parsed =>
        {
            string path = ModelLibrary.Resolve(parsed.GetRequiredValue(model));
            WeightSet weights = WeightFile.Load(path);
            Console.Out.WriteLine($"{path}: {NetworkOf(weights)}, {weights.Tensors.Count} tensors, {ParametersOf(weights):N0} parameters");
            foreach ((string key, string value) in weights.Metadata)
                Console.Out.WriteLine($"  {key}: {value}");
            if (parsed.GetValue(tensors))
            {
                foreach (WeightTensor tensor in weights.Tensors)
                    Console.Out.WriteLine($"  {tensor.Name} {tensor.ShapeText}");
            }
        });
        return command;
    }

    private static Command Import()
    {
        Argument<string> model = Model();
        Option<string?> output = new("--output", "-o") { Description = "The .safetensors file to write. Default: the input's name with .safetensors." };
        Command command = new("import", "Checks weights of EMMA's U-Fuser and writes them as .safetensors.") { model, output };
        command.SetAction(parsed =>
        {
            string path = ModelLibrary.Resolve(parsed.GetRequiredValue(model));
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".safetensors");
            if (parsed.GetValue(output) is null && File.Exists(target) && FileIdentity.Of(path) != FileIdentity.Of(target))
                throw Fault.Usage($"{target}: exists, and nobody said to replace it. Give -o {target} if you want that, or another name");
            Convert(path, target, "safetensors");
        });
        return command;
    }

    private static Command Export()
    {
        Argument<string> model = Model();
        Option<string> format = new Option<string>("--format")
        {
            Description = "safetensors, pth (PyTorch's zip format) or onnx (the network for other runtimes; cannot be imported again).",
            Required = true,
        }.AcceptOnlyFromAmong("safetensors", "pth", "onnx");
        Option<string> output = new("--output", "-o") { Description = "The file to write.", Required = true };
        Command command = new("export", "Writes weights in another format.") { model, format, output };
        command.SetAction(parsed => Convert(ModelLibrary.Resolve(parsed.GetRequiredValue(model)), parsed.GetRequiredValue(output), parsed.GetRequiredValue(format)));
        return command;
    }

    private static Command Average()
    {
        Argument<string[]> inputs = new("models") { Description = "Weights files of neighbouring steps of one training; one named twice counts twice.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "The .safetensors file to write.", Required = true };
        Command command = new("average", "Writes the mean of several weights of one training, a dial between their strengths.") { inputs, output };
        command.SetAction(parsed =>
        {
            string target = parsed.GetRequiredValue(output);
            string[] paths = [.. parsed.GetRequiredValue(inputs).Select(ModelLibrary.Resolve)];
            if (paths.Length < 2)
                throw Fault.Usage("models average takes two files or more; name another one");
            PathClashes.Refuse([.. paths.Select(path => new NamedPath("the model", path))], [new("-o", target)]);
            WeightSet[] sets = [.. paths.Select(WeightFile.Load)];
            foreach (WeightSet set in sets)
                UFuserSchema.Check(set);
            Dictionary<string, string> metadata = new()
            {
                ["network"] = "EMMA U-Fuser",
                ["trained"] = $"mean of: {string.Join("; ", sets.CountBy(s => s.Metadata.GetValueOrDefault("trained", Path.GetFileName(s.Origin))).Select(s => s.Value == 1 ? s.Key : $"{s.Value} times {s.Key}"))}",
            };
            SafetensorsFile.Save(target, WeightSet.Mean(target, sets, metadata));
            Console.Out.WriteLine($"{target}: the mean of {sets.Length}");
        });
        return command;
    }

    private static void Convert(string path, string target, string format)
    {
        PathClashes.Refuse([new("the model", path)], [new("the output", target)]);
        WeightSet weights = WeightFile.Load(path);
        UFuserSchema.Check(weights);
        switch (format)
        {
            case "onnx":
                OnnxModel.Save(target, weights);
                Console.Out.WriteLine($"{target}: ONNX opset {OnnxModel.Opset}, inputs {OnnxModel.Infrared} and {OnnxModel.Visible}, output {OnnxModel.Fused}, "
                    + $"[N, 1, H, W] float32 in [0, 1], H and W multiples of {UFuserSchema.SizeStep} from {UFuserSchema.SmallestSize}");
                return;
            case "pth":
                TorchZipFile.Save(target, weights);
                break;
            default:
                SafetensorsFile.Save(target, weights);
                break;
        }
        Console.Out.WriteLine($"{target}: {weights.Tensors.Count} tensors, {ParametersOf(weights):N0} parameters");
    }

    private static Argument<string> Model() => new("model") { Description = "Path of a weights file, or the name of an installed model." };

    private static long ParametersOf(WeightSet weights) => weights.Tensors.Sum(t => (long)t.Values.Length);

    private static string NetworkOf(WeightSet weights)
    {
        try
        {
            UFuserSchema.Check(weights);
            return UFuserSchema.Schema.Network;
        }
        catch (Fault)
        {
            return "not EMMA's U-Fuser";
        }
    }
}
