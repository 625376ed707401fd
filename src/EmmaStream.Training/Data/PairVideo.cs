using System.Globalization;
using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Training.Options;
using Serilog;

namespace EmmaStream.Training.Data;

/// <summary>Reads a set of two recordings whose n-th frames belong together.</summary>
internal static class PairVideo
{
    /// <exception cref="Fault">A recording cannot be opened, or the sizes differ.</exception>
    public static async Task<(List<TrainingPair> Pairs, int Skipped)> ReadAsync(
        PairSetOptions set, FramePool pool, FfmpegInstallation ffmpeg, ILogger log, CancellationToken cancellationToken)
    {
        IFrameSource infrared = await FrameSources.OpenAsync(set.Infrared, new SourceOptions { LumaOnly = true }, pool, ffmpeg, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closingInfrared = infrared.ConfigureAwait(false);
        IFrameSource visible = await FrameSources.OpenAsync(set.Visible, new SourceOptions { LumaOnly = true }, pool, ffmpeg, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closingVisible = visible.ConfigureAwait(false);
        GrayPlaneReader reader = new(pool);
        string clip = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(set.Visible)))!;
        NameChoice choice = NameChoice.Of(set);
        List<TrainingPair> pairs = [];
        try
        {
            for (int number = 0; ; number++)
            {
                using Frame? first = await infrared.ReadAsync(cancellationToken).ConfigureAwait(false);
                using Frame? second = await visible.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (first is null || second is null)
                {
                    if (first is not null || second is not null)
                        log.Warning("{Infrared}, {Visible}: {Shorter} ends after {Count} frames; the rest of the other is left out", set.Infrared, set.Visible, first is null ? set.Infrared : set.Visible, number);
                    return (pairs, 0);
                }
                string name = string.Create(CultureInfo.InvariantCulture, $"{clip}-{number:000000}");
                if (number % set.Every != 0 || !choice.Takes(name))
                    continue;
                GrayPlane ir = new(1, 1), vi = new(1, 1);
                reader.Take(first, ir);
                reader.Take(second, vi);
                pairs.Add(PairSets.Pair(name, ir, vi, set));
            }
        }
        catch (Fault fault) when (pairs.Count > 0 && fault.Kind == FaultKind.Input)
        {
            log.Warning("{Message}; its {Count} frames before are used", fault.Message.TrimEnd('.'), pairs.Count);
            return (pairs, 1);
        }
    }
}
