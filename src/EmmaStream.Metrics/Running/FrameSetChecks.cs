using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Reading;

namespace EmmaStream.Metrics.Running;

/// <summary>What keeps frame n of infrared, visible and fused from belonging together. Sources come in that order.</summary>
internal static class FrameSetChecks
{
    // Rates and counts as containers tell them are a little off at the best of times.
    private const double Tolerance = 0.02;

    /// <summary>Refuses sources that cannot be measured frame by frame.</summary>
    /// <exception cref="Fault">Sizes differ, or a fused video has other frames than the visible one.</exception>
    public static void Refuse(IReadOnlyList<IFrameSource> sources, InfraredRegistration? registration)
    {
        RefuseSizes(sources, registration);
        SourceDescription visible = sources[1].Description;
        if (sources.Skip(2).FirstOrDefault(s => AreOfOtherFrames(s.Description, visible)) is { } fused)
            throw Fault.Input($"{Rates(fused.Description, visible)}: fused frame n must belong to visible frame n. Give a fused video with a frame for each visible one");
    }

    /// <summary>The next frame; null at the end. The caller owns it.</summary>
    /// <exception cref="Fault">The source broke, or a picture of its folder was left out or has another size: what follows would move up.</exception>
    public static async Task<Frame?> ReadAsync(IFrameSource source, CancellationToken cancellationToken)
    {
        Frame? frame = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        FrameSize size = source.Description.Format.Size;
        Fault? damage = source.Skipped is { Count: > 0 } skipped ? Fault.Input(skipped.Causes[0])
            : frame is null || frame.Size == size ? null
            : Fault.Input($"{source.Description.Name}: frame {frame.Stamp.Sequence} is {frame.Size}, the first {size}. Give frames of one size");
        if (damage is null)
            return frame;
        frame?.Dispose();
        throw damage;
    }

    private static void RefuseSizes(IReadOnlyList<IFrameSource> sources, InfraredRegistration? registration)
    {
        FrameSize[] sizes = [.. sources.Select(s => s.Description.Format.Size)];
        string all = string.Join(", ", sources.Select((s, i) => $"{s.Description.Name} {sizes[i]}"));
        registration?.ThrowUnlessFits(sizes[0], sizes[1]);
        FrameSize expected = registration?.OutputSize ?? sizes[1];
        if (registration is null && sizes[0] != sizes[1])
            throw Fault.Input($"sizes differ: {all}. {Folders(sources)}Give videos of one size, or --registration");
        if (sizes.Skip(2).All(s => s == expected || s == Even(expected)) && sizes.Skip(2).Any(s => s != expected))
            throw Fault.Input($"sizes differ: {all}. fuse makes videos of even sizes, so a row or column was repeated. Fuse into a folder of pictures, which keep their size");
        if (sizes.Skip(2).Any(s => s != expected))
            throw Fault.Input($"sizes differ: {all}. {Folders(sources)}Give a fused video of {expected}, as the sources make it");
    }

    private static FrameSize Even(FrameSize size) => new(size.Width + size.Width % 2, size.Height + size.Height % 2);

    // A user who meant pictures paired by name learns why they were read as a video.
    private static string Folders(IReadOnlyList<IFrameSource> sources)
    {
        List<string> folders = [.. sources.Select(s => s.Description.Name).Where(Directory.Exists).Distinct()];
        return folders.Count == 0 ? ""
            : $"Beside a video, {(folders.Count == 1 ? $"{folders[0]} is read as one, its pictures" : $"{string.Join(" and ", folders)} are read as videos, their pictures")} in the order of their names; for pictures paired by name give folders only. ";
    }

    private static bool AreOfOtherFrames(SourceDescription source, SourceDescription visible) =>
        !Directory.Exists(source.Name) && !Directory.Exists(visible.Name) && source.FrameRate.IsValid && visible.FrameRate.IsValid
        && Differ(source.FrameRate.Value, visible.FrameRate.Value)
        && (source.FrameCount is not { } count || visible.FrameCount is not { } other || Differ(count, other));

    private static bool Differ(double a, double b) => Math.Abs(a - b) > Tolerance * Math.Max(a, b);

    private static string Rates(SourceDescription source, SourceDescription visible) =>
        FormattableString.Invariant($"{source.Name} has {source.FrameRate.Value:0.##} frames a second and {visible.Name} {visible.FrameRate.Value:0.##}");
}
