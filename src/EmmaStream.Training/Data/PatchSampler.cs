using EmmaStream.Core.Faults;
using EmmaStream.Training.Options;
using Serilog;

namespace EmmaStream.Training.Data;

/// <summary>
/// Cuts patches: a set by its weight, a pair, a place, one of eight mirrorings. A patch that is flat in either source is refused as the
/// authors' scripts do (emma.md 3.1).
/// </summary>
public sealed class PatchSampler
{
    private const int Attempts = 50;

    private readonly PairSets _pairs;
    private readonly PatchOptions _options;
    private readonly ILogger? _log;
    private readonly Dictionary<int, TrainingPair[][]> _bySide = [];

    /// <summary>A sampler over all pairs.</summary>
    /// <param name="pairs">In memory, with targets where these are learned.</param>
    /// <param name="options">How patches are cut.</param>
    /// <param name="log">Is told, once for each size of patches, which pairs are too small; null: nobody.</param>
    public PatchSampler(PairSets pairs, PatchOptions options, ILogger? log = null) => (_pairs, _options, _log) = (pairs, options, log);

    /// <summary>Tells before a training begins whether patches of a later phase fit.</summary>
    /// <param name="side">Width and height of a patch, pixels.</param>
    /// <exception cref="Fault">No picture is as large as the patches.</exception>
    public void Require(int side) => LargeEnough(side);

    /// <summary>Fills a batch with fresh patches. The random numbers alone decide which.</summary>
    /// <exception cref="Fault">No picture is as large as the patches.</exception>
    public void Fill(PatchBatch batch, Random random)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(random);
        TrainingPair[][] sets = LargeEnough(batch.Side);
        for (int patch = 0; patch < batch.Count; patch++)
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                Cut(batch, patch, sets[Choose(sets, random)], random);
                Range place = (patch * batch.Side * batch.Side)..((patch + 1) * batch.Side * batch.Side);
                if (HasContrast(batch.Infrared.AsSpan(place)) && HasContrast(batch.Visible.AsSpan(place)))
                    break;
            }
        }
    }

    /// <summary>(p90 - p10) / p90 against the least contrast; percentiles interpolate linearly. Black has 0 / 0, which the scripts keep.</summary>
    internal bool HasContrast(ReadOnlySpan<float> patch)
    {
        Span<int> counts = stackalloc int[256];
        foreach (float level in patch)
            counts[(int)MathF.Round(255 * level)]++;
        double high = Percentile(counts, patch.Length, 0.9), low = Percentile(counts, patch.Length, 0.1);
        return !((high - low) / high < _options.LowContrast);
    }

    private static double Percentile(ReadOnlySpan<int> counts, int total, double share)
    {
        double place = share * (total - 1);
        int below = (int)Math.Floor(place);
        int first = LevelAt(counts, below), second = LevelAt(counts, Math.Min(below + 1, total - 1));
        return first + ((place - below) * (second - first));
    }

    private static int LevelAt(ReadOnlySpan<int> counts, int place)
    {
        int level = 0;
        for (int seen = counts[0]; seen <= place; seen += counts[level])
            level++;
        return level;
    }

    /// <summary>The pairs of every set that hold a patch.</summary>
    private TrainingPair[][] LargeEnough(int side)
    {
        if (_bySide.TryGetValue(side, out TrainingPair[][]? known))
            return known;
        TrainingPair[][] sets = [.. _pairs.Sets.Select(set => set.Where(p => p.Width >= side && p.Height >= side).ToArray())];
        if (Array.TrueForAll(sets, set => set.Length == 0))
        {
            TrainingPair largest = _pairs.Sets.SelectMany(set => set).MaxBy(p => Math.Min(p.Width, p.Height))!;
            throw Fault.Usage($"patch is {side}, but the largest picture is {largest.Width}x{largest.Height} ({largest.Name}). Lower patch, or give larger pictures");
        }
        if (_pairs.Sets.SelectMany(set => set).FirstOrDefault(p => p.Width < side || p.Height < side) is { } small)
        {
            int count = _pairs.Sets.Sum(set => set.Count) - sets.Sum(set => set.Length);
            _log?.Warning("{Count} pairs are smaller than patches of {Side} and are left out there, the first {Name} ({Width}x{Height})", count, side, small.Name, small.Width, small.Height);
        }
        return _bySide[side] = sets;
    }

    private int Choose(TrainingPair[][] sets, Random random)
    {
        double total = 0;
        for (int i = 0; i < sets.Length; i++)
            total += sets[i].Length > 0 ? _pairs.Weights[i] : 0;
        double left = random.NextDouble() * total;
        int chosen = -1;
        for (int i = 0; i < sets.Length && left >= 0; i++)
        {
            if (sets[i].Length == 0)
                continue;
            chosen = i;
            left -= _pairs.Weights[i];
        }
        return chosen;
    }

    private void Cut(PatchBatch batch, int patch, TrainingPair[] set, Random random)
    {
        TrainingPair pair = set[random.Next(set.Length)];
        int side = batch.Side, x0 = random.Next(pair.Width - side + 1), y0 = random.Next(pair.Height - side + 1);
        int way = _options.Augment ? random.Next(8) : 0;
        byte[]? published = pair.Published.Count > 0 ? pair.Published[random.Next(pair.Published.Count)] : null;
        batch.HasPublished[patch] = published is not null;
        for (int y = 0, to = patch * side * side; y < side; y++)
        {
            for (int x = 0; x < side; x++, to++)
            {
                (int column, int row) = ((way & 1) == 0 ? x : side - 1 - x, (way & 2) == 0 ? y : side - 1 - y);
                if ((way & 4) != 0)
                    (column, row) = (row, column);
                int from = ((y0 + row) * pair.Width) + x0 + column;
                batch.Infrared[to] = pair.Infrared[from] / 255f;
                batch.Visible[to] = pair.Visible[from] / 255f;
                batch.Target[to] = pair.Target is { } target ? target[from] : 0;
                if (published is not null)
                    batch.Published[to] = published[from] / 255f;
            }
        }
    }
}
