using EmmaStream.Core.Faults;
using EmmaStream.Imaging;

namespace EmmaStream.Metrics.Reading;

/// <summary>What an input is.</summary>
internal enum InputKind
{
    /// <summary>A folder: pictures paired by name, or beside a video the frames of one.</summary>
    Folder,

    /// <summary>One picture.</summary>
    Picture,

    /// <summary>A video.</summary>
    Video,
}

/// <summary>Tells what the inputs of an evaluation are and refuses what does not belong together.</summary>
internal static class InputKinds
{
    /// <summary>What all of them are together: a folder beside a video is a video of its pictures.</summary>
    /// <exception cref="Fault">One is absent, or a picture stands beside a folder or a video.</exception>
    public static InputKind Of(EvaluationOptions options)
    {
        List<(string Option, string Path)> inputs = [("--ir", options.Infrared), ("--vi", options.Visible), .. options.Fused.Select(f => ($"--fused {f.Method}", f.Path))];
        foreach ((string option, string path) in inputs)
        {
            if (!Path.Exists(path))
                throw Fault.Input($"{path}: no such folder or file ({option}). Check the path");
        }
        List<(string Option, InputKind Kind)> kinds = inputs.ConvertAll(i => (i.Option, Of(i.Path)));
        (string Option, InputKind Kind) picture = kinds.Find(k => k.Kind == InputKind.Picture), other = kinds.Find(k => k.Kind != InputKind.Picture);
        if (picture.Option is not null && other.Option is not null)
        {
            throw Fault.Usage($"{other.Option} is {(other.Kind == InputKind.Folder ? "a folder" : "a video")} and {picture.Option} is a picture; " +
                "give folders, whose pictures pair by name, or one picture each, or videos");
        }
        return kinds.Exists(k => k.Kind == InputKind.Video) ? InputKind.Video : kinds[0].Kind;
    }

    /// <summary>What one path is; it exists.</summary>
    public static InputKind Of(string path) =>
        Directory.Exists(path) ? InputKind.Folder : StillImage.IsPicture(path) ? InputKind.Picture : InputKind.Video;
}
