using EmmaStream.Training.Options;

namespace EmmaStream.Training.Losses;

/// <summary>Which transforms a step uses.</summary>
internal static class TransformDraw
{
    private static readonly double[] Angles = [10, 130, 250];

    /// <summary>The published set: identity, three shifts, the three rotations, the three reflections (emma.md 3.3), less the families left out.</summary>
    public static IReadOnlyList<PictureTransform> Published(IReadOnlyList<TransformFamily> families, int side, Random random) =>
        [new PictureTransform.Identity(), .. families.Order().SelectMany(family => Of(family, side, random))];

    /// <summary>A number of transforms from all that the families have.</summary>
    public static IReadOnlyList<PictureTransform> Some(IReadOnlyList<TransformFamily> families, int count, int side, Random random)
    {
        PictureTransform[] all = [.. families.Order().SelectMany(family => Of(family, side, random))];
        random.Shuffle(all);
        return [.. all.Take(count)];
    }

    private static IEnumerable<PictureTransform> Of(TransformFamily family, int side, Random random) => family switch
    {
        TransformFamily.Shift => Shifts(side, random),
        TransformFamily.Rotate => Angles.Select(angle => new PictureTransform.Rotate(angle)),
        _ => [new PictureTransform.Reflect(true, false), new PictureTransform.Reflect(false, true), new PictureTransform.Reflect(true, true)],
    };

    /// <summary>Three shifts; rows and columns each drawn without replacement from ±1..±(side - 1).</summary>
    private static IEnumerable<PictureTransform> Shifts(int side, Random random)
    {
        int[] rows = Steps(side, random), columns = Steps(side, random);
        return Enumerable.Range(0, 3).Select(i => new PictureTransform.Shift(rows[i], columns[i]));
    }

    private static int[] Steps(int side, Random random)
    {
        int[] steps = [.. Enumerable.Range(1, side - 1), .. Enumerable.Range(1, side - 1).Select(n => -n)];
        random.Shuffle(steps);
        return steps[..3];
    }
}
