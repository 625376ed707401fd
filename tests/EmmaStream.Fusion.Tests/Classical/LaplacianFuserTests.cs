using EmmaStream.Fusion.Classical;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Fusion.Tests.Classical;

public sealed class LaplacianFuserTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly Planes _planes = new();

    public static TheoryData<int, int> Sizes => new()
    {
        { 64, 48 }, { 65, 48 }, { 64, 49 }, { 63, 47 }, { 33, 17 }, { 310, 250 }, { 16, 16 }, { 17, 16 }, { 9, 9 }, { 7, 5 }, { 4, 3 }, { 3, 3 }, { 2, 2 }, { 1, 1 }, { 1, 9 }, { 13, 1 },
    };

    public void Dispose() => _planes.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Halving_is_pyrDown_of_opencv(int width, int height)
    {
        LumaPlane fine = _planes.Noise(width, height, 1);
        LumaPlane coarse = _planes.Empty(PyramidRows.Half(width), PyramidRows.Half(height));
        LaplacianFuser.Halve(fine, coarse, _planes.Empty(width + 2 * PyramidRows.Margin, 1));
        using Mat source = Planes.AsMat(fine), expected = new();
        Cv2.PyrDown(source, expected);
        Assert.InRange(UFuserGolden.LargestDifference(Planes.Values(expected), Planes.Values(coarse)), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Doubling_is_pyrUp_of_opencv(int width, int height)
    {
        LumaPlane coarse = _planes.Noise(PyramidRows.Half(width), PyramidRows.Half(height), 2);
        LumaPlane fine = _planes.Empty(width, height);
        LumaPlane sums = _planes.Empty(coarse.Width, 1);
        for (int y = 0; y < height; y++)
            LaplacianFuser.DoubleRow(coarse, y, sums.Row(0), fine.Row(y));
        using Mat source = Planes.AsMat(coarse), expected = new();
        Cv2.PyrUp(source, expected, new Size(width, height));
        Assert.InRange(UFuserGolden.LargestDifference(Planes.Values(expected), Planes.Values(fine)), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Fusing_is_what_the_definition_makes_with_opencv(int width, int height)
    {
        using LaplacianFuser fuser = new();
        FusionJob job = new(_planes.Noise(width, height, 3, -0.1f, 1.1f), _planes.Noise(width, height, 4, 0.3f, 0.8f), _planes.Empty(width, height));
        fuser.Fuse([job]);
        using Mat infrared = Planes.AsMat(job.Infrared), visible = Planes.AsMat(job.Visible), expected = Definition(infrared, visible);
        Assert.InRange(UFuserGolden.LargestDifference(Planes.Values(expected), Planes.Values(job.Fused)), 0, Tolerance);
    }

    [Fact]
    public void Equal_sources_come_back()
    {
        using LaplacianFuser fuser = new();
        LumaPlane source = _planes.Noise(50, 31, 5), fused = _planes.Empty(50, 31);
        fuser.Fuse([new(source, source, fused)]);
        Assert.InRange(UFuserGolden.LargestDifference(Planes.Values(source), Planes.Values(fused)), 0, 1e-6);
    }

    [Fact]
    public void At_ties_the_infrared_wins()
    {
        float[] fused = [0, 0];
        PixelRows.AddStrongerDetail([1, -1], [0, 0], [-1, 1], [0, 0], fused);
        Assert.Equal([1f, -1], fused);
        float[] many = new float[16];
        PixelRows.AddStrongerDetail(Enumerable.Repeat(1f, 16).ToArray(), new float[16], Enumerable.Repeat(-1f, 16).ToArray(), new float[16], many);
        Assert.All(many, v => Assert.Equal(1, v));
    }

    [Fact]
    public void Jobs_of_different_sizes_in_one_call_do_not_disturb_each_other()
    {
        using LaplacianFuser fuser = new();
        FusionJob[] jobs = [.. new[] { (64, 48), (17, 33), (64, 48) }.Select((size, i) => new FusionJob(
            _planes.Noise(size.Item1, size.Item2, 2 * i), _planes.Noise(size.Item1, size.Item2, 2 * i + 1), _planes.Empty(size.Item1, size.Item2)))];
        fuser.Fuse(jobs);
        foreach (FusionJob job in jobs)
        {
            using LaplacianFuser alone = new();
            LumaPlane expected = _planes.Empty(job.Fused.Width, job.Fused.Height);
            alone.Fuse([job with { Fused = expected }]);
            Assert.Equal(Planes.Values(expected), Planes.Values(job.Fused));
        }
    }

    private static Mat Definition(Mat infrared, Mat visible)
    {
        Mat[] ir = Pyramid(infrared), vi = Pyramid(visible);
        Mat fused = new();
        Cv2.AddWeighted(ir[3], 0.5, vi[3], 0.5, 0, fused);
        for (int level = 2; level >= 0; level--)
        {
            using Mat irDetail = Detail(ir, level), viDetail = Detail(vi, level), irWins = new(), up = new();
            using Mat irStrength = new(), viStrength = new(), detail = viDetail.Clone();
            Cv2.Absdiff(irDetail, Scalar.All(0), irStrength);
            Cv2.Absdiff(viDetail, Scalar.All(0), viStrength);
            Cv2.Compare(irStrength, viStrength, irWins, CmpTypes.GE);
            irDetail.CopyTo(detail, irWins);
            Cv2.PyrUp(fused, up, ir[level].Size());
            Cv2.Add(up, detail, fused);
        }
        Mat clipped = new();
        Cv2.Max(fused, 0.0, clipped);
        Cv2.Min(clipped, 1.0, clipped);
        return clipped;
    }

    private static Mat[] Pyramid(Mat picture)
    {
        Mat[] levels = [picture, new(), new(), new()];
        for (int level = 1; level < levels.Length; level++)
            Cv2.PyrDown(levels[level - 1], levels[level]);
        return levels;
    }

    private static Mat Detail(Mat[] pyramid, int level)
    {
        using Mat up = new();
        Cv2.PyrUp(pyramid[level + 1], up, pyramid[level].Size());
        Mat detail = new();
        Cv2.Subtract(pyramid[level], up, detail);
        return detail;
    }
}
