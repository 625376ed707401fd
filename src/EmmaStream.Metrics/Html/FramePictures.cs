using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Temporal;

namespace EmmaStream.Metrics.Html;

/// <summary>The pictures of one item in the HTML report, as paths relative to its page.</summary>
/// <param name="Infrared">Infrared picture.</param>
/// <param name="Visible">Visible picture.</param>
/// <param name="Fused">One entry a method; null where it has none.</param>
internal sealed record ItemPictures(string Infrared, string Visible, IReadOnlyList<string?> Fused);

/// <summary>
/// Saves pictures of frames evenly over a video whose length is not known: when there are more than the limit, every second one goes and the
/// spacing doubles. One thread.
/// </summary>
internal sealed class FramePictures(ReportFolder folder, FramePool pool, int limit)
{
    private readonly SortedDictionary<int, (int Ordinal, ItemPictures Pictures)> _saved = [];
    private int _ordinal, _spacing = 1;

    // A full disk costs the page, not the figures: nothing more is saved, and the page tells why it is not written.
    private Fault? _failure;

    /// <summary>What was kept, by the report's items.</summary>
    /// <exception cref="Fault">A picture could not be saved.</exception>
    public IReadOnlyDictionary<ItemReport, ItemPictures> For(EvaluationReport report)
    {
        if (_failure is not null)
            throw _failure;
        Dictionary<ItemReport, ItemPictures> pictures = new(ReferenceEqualityComparer.Instance);
        foreach (ItemReport item in report.Items)
        {
            if (_saved.TryGetValue(int.Parse(item.Name, CultureInfo.InvariantCulture), out (int Ordinal, ItemPictures Pictures) saved))
                pictures.Add(item, saved.Pictures);
        }
        return pictures;
    }

    /// <summary>Saves a frame if it is its turn.</summary>
    /// <param name="set">The gray planes.</param>
    /// <param name="frames">The frames themselves, infrared, visible, methods, which show colour; null: the planes are shown.</param>
    public void Save(FrameSet set, Frame[]? frames)
    {
        int ordinal = _ordinal++;
        if (limit == 0 || ordinal % _spacing != 0 || _failure is not null)
            return;
        try
        {
            folder.Try(() => Write(set, frames, ordinal));
        }
        catch (Fault fault)
        {
            _failure = fault;
        }
    }

    private void Write(FrameSet set, Frame[]? frames, int ordinal)
    {
        string prefix = set.Number.ToString("D6", CultureInfo.InvariantCulture);
        string[] names = [.. Enumerable.Range(0, set.Streams).Select(i => $"images/{prefix}-{i switch { 0 => "infrared", 1 => "visible", _ => $"fused{i - 1}" }}.jpg")];
        for (int i = 0; i < names.Length; i++)
        {
            // JPEG holds no 16-bit gray: that is shown as it is measured.
            if (frames is not null && i > 0 && frames[i].Format.Pixels != PixelFormat.Gray16)
                StillImage.Write(folder[names[i]], frames[i]);
            else
                PlanePicture.Write(folder[names[i]], set.Plane(i), pool);
        }
        _saved.Add(set.Number, (ordinal, new(names[0], names[1], names[2..])));
        if (_saved.Count > limit)
            Thin();
    }

    private void Thin()
    {
        _spacing *= 2;
        foreach ((int number, (int ordinal, ItemPictures pictures)) in _saved.ToList())
        {
            if (ordinal % _spacing == 0)
                continue;
            foreach (string? name in pictures.Fused.Append(pictures.Infrared).Append(pictures.Visible))
                File.Delete(folder[name!]);
            _saved.Remove(number);
        }
    }
}
