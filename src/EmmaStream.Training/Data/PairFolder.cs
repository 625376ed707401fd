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
    public static async Task<(List<TrainingPair> Pairs, int Skipped)> ReadAsync(PairSetOptions set, FramePool pool, ILogger log, CancellationToken cancellationToken)
    {
        Dictionary<string, string> infrared = Pictures(set.Infrared), visible = Pictures(set.Visible);
        NameChoice choice = NameChoice.Of(set);
        string[] wanted = [.. infrared.Keys.Union(visible.Keys).Where(choice.Takes).Order(StringComparer.Ordinal)];
        string[] unpaired = [.. wanted.Where(n => !infrared.ContainsKey(n) || !visible.ContainsKey(n)).Concat(choice.Absent(wanted))];
        if (unpaired.Length > 0)
            log.Warning("{Infrared}, {Visible}: {Count} names without a partner are left out: {Names}", set.Infrared, set.Visible, unpaired.Length, Shown(unpaired));

        string[] paired = [.. wanted.Except(unpaired).Where((_, i) => i % set.Every == 0)];
        ConcurrentDictionary<string, TrainingPair> pairs = new(StringComparer.Ordinal);
        int corrupt = 0;
        await Parallel.ForEachAsync(paired, cancellationToken, (name, _) =>
        {
            if (TryRead(infrared[name], pool, log) is { } first && TryRead(visible[name], pool, log) is { } second)
                pairs[name] = PairSets.Pair(name, first, second, set);
            else
                Interlocked.Increment(ref corrupt);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
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
                .Where(f => StillImage.IsPicture(f) && Path.GetFileName(f)[0] != '.')
                .GroupBy(f => Path.GetFileNameWithoutExtension(f))
                .ToDictionary(g => g.Key, g => g.Order(StringComparer.Ordinal).First(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Input($"{folder}: the folder cannot be read ({e.Message.TrimEnd('.')}). Check the path", e);
        }
    }

    private static string Shown(string[] names) => string.Join(", ", names.Take(NamesShown)) + (names.Length > NamesShown ? ", ..." : "");
}
