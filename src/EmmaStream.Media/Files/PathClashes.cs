using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Imaging;
using EmmaStream.Media.Sinks;

namespace EmmaStream.Media.Files;

/// <summary>A path that the user named.</summary>
/// <param name="Option">What names it, like "--ir".</param>
/// <param name="Path">A file or folder; it need not exist. Null where the option was not given.</param>
public sealed record NamedPath(string Option, string? Path);

/// <summary>
/// Keeps a run from writing over what it reads, and from writing one thing over another. Every way to write a path counts as the same file:
/// links, .., hard links (<see cref="FileIdentity"/>).
/// </summary>
public static class PathClashes
{
    /// <summary>Asked before any work.</summary>
    /// <param name="inputs">What is read: files, or folders with their pictures.</param>
    /// <param name="outputs">What is written: files, or folders that replace what has their name. "null" and /dev/null are none.</param>
    /// <exception cref="Fault">Some clash; the message tells all of them (<see cref="FaultKind.Usage"/>).</exception>
    public static void Refuse(IReadOnlyList<NamedPath> inputs, IReadOnlyList<NamedPath> outputs)
    {
        List<Given> read = Present(inputs), written = Present(outputs);
        List<string> problems = [.. Twice(written)];
        foreach (Given output in written)
            problems.AddRange(read.Select(input => Over(input, output)).OfType<string>().Take(1));
        if (problems.Count > 0)
            throw Fault.Usage(string.Join("; ", problems));
    }

    private readonly record struct Given(string Option, string Path);

    private static List<Given> Present(IReadOnlyList<NamedPath> paths) => [.. paths.Where(p => p.Path is { } path && !NullSink.IsNamed(path)).Select(p => new Given(p.Option, p.Path!))];

    private static IEnumerable<string> Twice(List<Given> outputs)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            for (int k = i + 1; k < outputs.Count; k++)
            {
                (Given first, Given second) = (outputs[i], outputs[k]);
                if (FileIdentity.Of(first.Path) == FileIdentity.Of(second.Path))
                    yield return $"{second.Path}: would be written twice, by {first.Option} and by {second.Option}. Give each output a name of its own";
                else if (FileIdentity.IsWithin(second.Path, first.Path))
                    yield return Inside(second, first);
                else if (FileIdentity.IsWithin(first.Path, second.Path))
                    yield return Inside(first, second);
            }
        }
    }

    private static string Inside(Given output, Given folder) =>
        $"{output.Path}: {output.Option} lies in the folder of {folder.Option}, which takes its place only when it is complete. Write it elsewhere";

    private static string? Over(Given input, Given output)
    {
        FileIdentity identity = FileIdentity.Of(output.Path);
        if (identity == FileIdentity.Of(input.Path))
            return $"{output.Path}: is the input of {input.Option}; {output.Option} would replace it. Give another name";
        if (FileIdentity.IsWithin(input.Path, output.Path))
            return $"{output.Path}: holds the input of {input.Option}; {output.Option} would replace it. Give another folder";
        return File.Exists(output.Path) && PicturesIn(input.Path).Any(picture => identity == FileIdentity.Of(picture))
            ? $"{output.Path}: is a picture of the input of {input.Option}; {output.Option} would replace it. Give another name"
            : null;
    }

    private static IEnumerable<string> PicturesIn(string folder)
    {
        // A link to a folder above would lead round and round until the system refuses.
        EnumerationOptions all = new() { RecurseSubdirectories = true, MaxRecursionDepth = 30, IgnoreInaccessible = true, AttributesToSkip = 0 };
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", all).Where(StillImage.IsPicture) : [];
    }
}
