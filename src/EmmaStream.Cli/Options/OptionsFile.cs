using EmmaStream.Configuration;
using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Reference;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Fusion;
#if TORCH
using EmmaStream.Training.Options;
#endif

namespace EmmaStream.Cli.Options;

/// <summary>The configuration file: how it is read, and the reference made from its records.</summary>
internal static class OptionsFile
{
    /// <summary>The value types that only this program knows.</summary>
    public static ConfigurationConverters Converters { get; } = ConfigurationConverters.Standard
        .With(new ConfigurationConverter<OutputSize>(
            "size", "visible, infrared or a size such as 640x480", "visible|infrared|[1-9][0-9]{0,4}x[1-9][0-9]{0,4}", OutputSize.TryParse, s => s.ToString()))
        .With(new ConfigurationConverter<FusionScale>("scale", "1, 1/2 or 1/4", "1|1/2|1/4", FusionScales.TryParse, FusionScales.Format));

    /// <summary>Reads a file; null gives the defaults.</summary>
    /// <exception cref="ConfigurationException">All problems of the file.</exception>
    public static EmmaStreamOptions Load(string? path) => path is null ? new EmmaStreamOptions() : Load<EmmaStreamOptions>(path);

    /// <summary>Reads a file of any kind.</summary>
    /// <exception cref="ConfigurationException">All problems of the file.</exception>
    public static T Load<T>(string path)
        where T : class
    {
        FileKind.RefuseNamedPipe(path);
        return YamlConfiguration.Load<T>(path, ConfigurationSettings.Standard with { Converters = Converters }).ValueOrThrow();
    }

    /// <summary>The one stream of a file, or the one that is named.</summary>
    /// <exception cref="Fault">There are several and none is named, or no stream has that name.</exception>
    public static StreamOptions StreamOf(EmmaStreamOptions options, string? name)
    {
        if (name is not null)
            return options.Streams.TryGetValue(name, out StreamOptions? named) ? named : throw Fault.Usage($"--stream {name}: the configuration has no such stream; it has {Names(options)}");
        return options.Streams.Count switch
        {
            0 => new StreamOptions(),
            1 => options.Streams.Values.Single(),
            _ => throw Fault.Usage($"the configuration has several streams ({Names(options)}); choose one with --stream NAME"),
        };
    }

    /// <summary>The generated files, by their path in the checkout. A test holds the checkout to them.</summary>
    public static IReadOnlyDictionary<string, string> Reference() => new Dictionary<string, string>
    {
        ["config/emmastream.yml"] = ReferenceGenerator.Yaml<EmmaStreamOptions>(
            "Every option of EmmaStream with its default. Copy it, remove what you do not change.\nUse it with: emmastream fuse --config FILE", "emmastream.schema.json", Converters),
        ["config/emmastream.schema.json"] = ReferenceGenerator.JsonSchema<EmmaStreamOptions>("EmmaStream configuration", Converters),
        ["docs/CONFIGURATION.md"] = ReferenceGenerator.Markdown<EmmaStreamOptions>(
            "# Configuration\n\nOne YAML file; the command line goes over it. Every option has a default, unknown keys are errors, and all problems are told at once.\n" +
            "`${NAME}` and `${file:PATH}` in a value are replaced by an environment variable or a file's content.\n", Converters),
#if TORCH
        ["config/train-options.yml"] = ReferenceGenerator.Yaml<TrainingOptions>(
            "Every option of a training with its default; train-emma.yml and train-cpu.yml are trainings.\nUse it with: emmastream train --config FILE", "train.schema.json", Converters),
        ["config/train.schema.json"] = ReferenceGenerator.JsonSchema<TrainingOptions>("EmmaStream training", Converters),
#endif
    };

    private static string Names(EmmaStreamOptions options) => options.Streams.Count == 0 ? "none" : string.Join(", ", options.Streams.Keys);
}
