using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Html;

/// <summary>
/// Puts pairs' pictures into a report: files that browsers show are copied as they are, the others become PNG. Of more pairs than the limit, a
/// quarter are the best of the first method, a quarter the worst, the rest evenly spread; pairs that every method has come before the others. With a registration the gray planes are shown as they
/// were measured, since the files do not lie over each other.
/// </summary>
internal static class PairPictures
{
    private static readonly string[] Shown = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>Copies pictures; the answer has an entry for each item that got some.</summary>
    public static Dictionary<ItemReport, ItemPictures> Copy(
        EvaluationReport report, ReportFolder folder, int limit, InfraredRegistration? registration, CancellationToken cancellationToken)
    {
        using FramePool pool = new();
        Dictionary<ItemReport, ItemPictures> pictures = new(ReferenceEqualityComparer.Instance);
        int number = 0;
        foreach (ItemReport item in Choose(report, limit))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string prefix = $"images/{(++number).ToString("D5", CultureInfo.InvariantCulture)}";
            pictures.Add(item, registration is null ? Files(item, prefix, folder, pool) : Registered(item, prefix, folder, pool, registration));
        }
        return pictures;
    }

    /// <summary>Which items get pictures, in the report's order.</summary>
    internal static IEnumerable<ItemReport> Choose(EvaluationReport report, int limit)
    {
        if (report.Items.Count <= limit)
            return report.Items;
        List<ItemReport> common = [.. report.Items.Where(i => i.HasEveryMethod)];
        HashSet<ItemReport> chosen = new(ReferenceEqualityComparer.Instance);
        if (common.Count > limit)
        {
            ChooseAmong(common, limit, chosen);
        }
        else
        {
            chosen.UnionWith(common);
            ChooseAmong([.. report.Items.Where(i => !i.HasEveryMethod)], limit - common.Count, chosen);
        }
        return report.Items.Where(chosen.Contains);
    }

    private static void ChooseAmong(List<ItemReport> items, int count, HashSet<ItemReport> chosen)
    {
        Metric order = items.Exists(i => i.Scores[0]?[MetricCatalog.VIF] is not null) ? MetricCatalog.VIF : MetricCatalog.Qabf;
        List<ItemReport> ranked = [.. items.OrderBy(i => i.Scores[0]?[order] ?? double.NaN)];
        HashSet<ItemReport> ends = new([.. ranked.Take(count / 4), .. ranked.TakeLast(count / 4)], ReferenceEqualityComparer.Instance);
        chosen.UnionWith(ends);
        List<ItemReport> others = [.. items.Where(i => !ends.Contains(i))];
        int left = count - ends.Count;
        for (int k = 0; k < left; k++)
            chosen.Add(others[(int)((long)k * others.Count / left)]);
    }

    private static ItemPictures Files(ItemReport item, string prefix, ReportFolder folder, FramePool pool)
    {
        ItemFiles files = item.Files!;
        string?[] fused = [.. files.Fused.Select((f, m) => f is null || item.Scores[m] is null ? null : Copy(f, $"{prefix}-fused{m + 1}", folder, pool))];
        return new(Copy(files.Infrared, $"{prefix}-infrared", folder, pool), Copy(files.Visible, $"{prefix}-visible", folder, pool), fused);
    }

    private static ItemPictures Registered(ItemReport item, string prefix, ReportFolder folder, FramePool pool, InfraredRegistration registration)
    {
        GrayPlaneReader reader = new(pool);
        int[] methods = [.. Enumerable.Range(0, item.Scores.Count).Where(m => item.Scores[m] is not null)];
        string[] files = [item.Files!.Infrared, item.Files.Visible, .. methods.Select(m => item.Files.Fused[m]!)];
        string[] names = [$"{prefix}-infrared.png", $"{prefix}-visible.png", .. methods.Select(m => $"{prefix}-fused{m + 1}.png")];
        GrayPlane[] planes = [.. files.Select(_ => new GrayPlane(1, 1))];
        for (int i = 0; i < files.Length; i++)
            reader.Read(files[i], planes[i]);
        registration.Apply(planes[0], planes[1]);
        for (int i = 0; i < files.Length; i++)
            PlanePicture.Write(folder[names[i]], planes[i], pool);
        return new(names[0], names[1], [.. item.Scores.Select((s, m) => s is null ? null : $"{prefix}-fused{m + 1}.png")]);
    }

    private static string Copy(string file, string name, ReportFolder folder, FramePool pool)
    {
        string extension = Path.GetExtension(file).ToLowerInvariant();
        if (Shown.Contains(extension))
        {
            try
            {
                File.Copy(file, folder[name + extension]);
                return name + extension;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Fault.Output($"{file}: cannot be copied into the HTML report: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check the free space", e);
            }
        }
        using Frame frame = StillImage.Read(file, pool, new FrameStamp(default, 0, 0, file));
        StillImage.Write(folder[name + ".png"], frame);
        return name + ".png";
    }
}
