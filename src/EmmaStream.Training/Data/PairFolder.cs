using System.Collections.Concurrent;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Training.Options;
using Serilog;

namespace EmmaStream.Training.Data;

/// <summary>Reads a set of two folders whose files have the same names.</summary>
internal static class PairFolder
{
    private const int NamesShown = 10;

    /// <exception cref="Fault">A folder or list cannot be read, or the sizes of a pair differ.</exception>
    public static (List<TrainingPair> Pairs, int Skipped) Read(PairSetOptions set, FramePool pool, ILogger log, CancellationToken cancellationToken)
    {
        Dictionary<string, string> infrared = Pictures(set.Infrared), visible = Pictures(set.Visible);
        HashSet<string>? only = set.Only is null ? null : Names(set.Only);
        HashSet<string> except = set.Except is null ? [] : Names(set.Except);
        string[] wanted = [.. infrared.Keys.Union(visible.Keys).Where(n => (only is null || only.Contains(n)) && !except.Contains(n)).Order(StringComparer.Ordinal)];
        string[] unpaired = [.. wanted.Where(n => !infrared.ContainsKey(n) || !visible.ContainsKey(n)).Concat(only?.Where(n => !infrared.ContainsKey(n) && !visible.ContainsKey(n)) ?? [])];
        if (unpaired.Length > 0)
            log.Warning("{Infrared}, {Visible}: {Count} names without a partner are left out: {Names}", set.Infrared, set.Visible, unpaired.Length, Shown(unpaired));

        string[] paired = [.. wanted.Except(unpaired).Where((_, i) => i % set.Every == 0)];
        ConcurrentDictionary<string, TrainingPair> pairs = new(StringComparer.Ordinal);
        int corrupt = 0;
        Parallel.ForEach(paired, new ParallelOptions { CancellationToken = cancellationToken }, name =>
        {
            if (TryRead(infrared[name], pool, log) is { } first && TryRead(visible[name], pool, log) is { } second)
                pairs[name] = PairSets.Pair(name, first, second, set);
            else
                Interlocked.Increment(ref corrupt);
        });
        return ([.. paired.Where(pairs.ContainsKey).Select(name => pairs[name])], unpaired.Length + corrupt);
    }

    /// <summary>A picture's luma; null, with a word in the log, where it cannot be read.</summary>
    public static GrayPlane? TryRead(string path, FramePool pool, ILogger log)
    {
        GrayPlane plane = new(1, 1);
        try
        {
            new GrayPlaneReader(pool).Read(path, plane);
            return plane;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Input)
        {
            log.Warning("{Message}; it is left out", fault.Message.TrimEnd('.'));
            return null;
        }
    }

    /// <summary>Paths of a folder's pictures by name without extension.</summary>
    /// <exception cref="Fault">The folder cannot be read.</exception>
    public static Dictionary<string, string> Pictures(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder)
                .Where(f => StillImage.Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()) && Path.GetFileName(f)[0] != '.')
                .GroupBy(f => Path.GetFileNameWithoutExtension(f))
                .ToDictionary(g => g.Key, g => g.Order(StringComparer.Ordinal).First(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Input($"{folder}: the folder cannot be read ({e.Message.TrimEnd('.')}). Check the path", e);
        }
    }

    private static HashSet<string> Names(string list)
    {
        try
        {
            return [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => Path.GetFileNameWithoutExtension(line)!)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Input($"{list}: the list of names cannot be read ({e.Message.TrimEnd('.')}). Give a text file with one name a line", e);
        }
    }

    private static string Shown(string[] names) => string.Join(", ", names.Take(NamesShown)) + (names.Length > NamesShown ? ", ..." : "");
}
