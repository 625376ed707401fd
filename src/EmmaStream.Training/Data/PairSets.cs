using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Training.Options;
using OpenCvSharp;
using Serilog;

namespace EmmaStream.Training.Data;

/// <summary>All pairs of a training in memory, set by set. What cannot be read is named, skipped and counted; nothing at all is a fault.</summary>
public sealed class PairSets
{
    internal PairSets(IReadOnlyList<IReadOnlyList<TrainingPair>> sets, IReadOnlyList<double> weights, int skipped) => (Sets, Weights, Skipped) = (sets, weights, skipped);

    /// <summary>The pairs of each set, in the order of their names.</summary>
    public IReadOnlyList<IReadOnlyList<TrainingPair>> Sets { get; }

    /// <summary>How often patches come from each set, relative to the others.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Pairs that could not be read or paired.</summary>
    public int Skipped { get; }

    /// <summary>Reads all pairs.</summary>
    /// <param name="sets">Where they are.</param>
    /// <param name="seed">Decides the variants where a set asks for some.</param>
    /// <param name="log">Is told what was skipped.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Fault">A folder, video or list cannot be read, a set has no pair, or the sizes of a pair differ.</exception>
    public static async Task<PairSets> LoadAsync(IReadOnlyList<PairSetOptions> sets, int seed, ILogger log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sets);
        ArgumentNullException.ThrowIfNull(log);
        using FramePool pool = new();
        FfmpegInstallation ffmpeg = new(TimeProvider.System);
        List<IReadOnlyList<TrainingPair>> pairs = [];
        int skipped = 0;
        foreach (PairSetOptions set in sets)
        {
            if (Directory.Exists(set.Infrared) != Directory.Exists(set.Visible) && Path.Exists(set.Infrared) && Path.Exists(set.Visible))
                throw Fault.Usage($"{set.Infrared}, {set.Visible}: one is a folder and the other a video. Give two folders of pictures or two videos");
            (List<TrainingPair> read, int lost) = Directory.Exists(set.Infrared)
                ? await PairFolder.ReadAsync(set, pool, log, cancellationToken).ConfigureAwait(false)
                : await PairVideo.ReadAsync(set, pool, ffmpeg, log, cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
                throw NoPair(set, lost);
            log.Information("{Infrared}: {Count} pairs", set.Infrared, read.Count);
            pairs.Add([.. read, .. PairVariants.Of(read, set.Variants, seed)]);
            skipped += lost;
        }
        return new PairSets(pairs, [.. sets.Select(s => s.Weight)], skipped);
    }

    /// <summary>Makes the warm-up's target of every pair, on all cores.</summary>
    public Task AddTargetsAsync(TargetMaker maker, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(maker);
        return Parallel.ForEachAsync(Sets.SelectMany(set => set), cancellationToken, (pair, _) =>
        {
            pair.Target = maker.Make(pair);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Gives pairs the fused pictures of other methods that have their name and size.</summary>
    /// <returns>How many were found.</returns>
    /// <exception cref="Fault">A folder cannot be read.</exception>
    public int AddPublished(IReadOnlyList<FusedSetOptions> sets, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(sets);
        using FramePool pool = new();
        int found = 0;
        foreach (Dictionary<string, string> files in sets.Select(set => PairFolder.Pictures(set.Folder)))
        {
            foreach (TrainingPair pair in Sets.SelectMany(set => set).Where(pair => files.ContainsKey(pair.Name)))
            {
                if (PairFolder.TryRead(files[pair.Name], pool, log) is not { } plane || plane.Width != pair.Width || plane.Height != pair.Height)
                    continue;
                pair.Published = [.. pair.Published, plane.Samples.ToArray()];
                found++;
            }
        }
        return found;
    }

    /// <summary>A pair of planes of one size, scaled by area where asked for.</summary>
    /// <exception cref="Fault">The sizes differ.</exception>
    internal static TrainingPair Pair(string name, GrayPlane infrared, GrayPlane visible, PairSetOptions set)
    {
        if ((infrared.Width, infrared.Height) != (visible.Width, visible.Height))
            throw Fault.Input($"{name}: infrared is {infrared}, visible {visible}. Training takes registered pairs of one size");
        int width = Math.Max(1, (int)Math.Round(infrared.Width * set.Scale)), height = Math.Max(1, (int)Math.Round(infrared.Height * set.Scale));
        return new TrainingPair(name, width, height, Scaled(infrared, width, height), Scaled(visible, width, height));
    }

    private static Fault NoPair(PairSetOptions set, int lost) => Fault.Input(lost > 0
        ? $"{set.Infrared}, {set.Visible}: no pair in them ({lost} without a partner or not to be read). Give folders whose pictures have the same names, or two recordings"
        : $"{set.Infrared}, {set.Visible}: no picture in them{(set.Only ?? set.Except) switch { { } list => $" that {list} leaves", _ => "" }}. Give folders whose pictures have the same names, or two recordings");

    private static byte[] Scaled(GrayPlane plane, int width, int height)
    {
        byte[] samples = plane.Samples.ToArray();
        if (width == plane.Width && height == plane.Height)
            return samples;
        using Mat full = Mat.FromPixelData(plane.Height, plane.Width, MatType.CV_8UC1, samples), small = new();
        Cv2.Resize(full, small, new Size(width, height), 0, 0, InterpolationFlags.Area);
        small.GetArray(out byte[] scaled);
        return scaled;
    }
}
