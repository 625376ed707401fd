using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Tests.Reports;

public sealed class ComparisonTableTests
{
    [Fact]
    public void Best_and_second_follow_the_metrics_direction_and_ties_share_a_place()
    {
        ComparisonTable table = ComparisonTable.Of(Report(("a", 1, 10), ("b", 3, 30), ("c", 3, 20), ("d", 2, double.NaN)));
        Assert.Equal([Rank.None, Rank.Best, Rank.Best, Rank.Second], table.Cells.Select(row => row[0].Rank));
        Assert.Equal([Rank.Best, Rank.None, Rank.Second, Rank.None], table.Cells.Select(row => row[1].Rank));
        Assert.Equal("NaN", table.Cells[3][1].Text);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, "∞", Rank.Best)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity, "-∞", Rank.Second)]
    [InlineData(double.PositiveInfinity, 3.0, "3.00", Rank.Second)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, "NaN", Rank.None)]
    [InlineData(double.PositiveInfinity, double.NaN, "NaN", Rank.None)]
    public void A_mean_of_nothing_but_infinities_is_that_infinity(double first, double second, string text, Rank rank)
    {
        MethodReport Method(string name, params double?[] values) => new(name, name, 2, 0, [MetricSummary.Of(MetricCatalog.PSNR, values)]);
        ComparisonTable table = ComparisonTable.Of(Report() with { Metrics = [MetricCatalog.PSNR], Methods = [Method("a", first, second), Method("b", 40, 40)] });
        Assert.Equal((text, rank), (table.Cells[0][0].Text, table.Cells[0][0].Rank));
    }

    [Fact]
    public void A_single_method_has_no_marks() => Assert.Equal(Rank.None, ComparisonTable.Of(Report(("a", 1, 1))).Cells[0][0].Rank);

    [Fact]
    public void Lines_are_aligned_whatever_the_decoration()
    {
        ComparisonTable table = ComparisonTable.Of(Report(("a", 1, 10), ("long name", 3, 1234.5)));
        Assert.Equal(["method       EN↑     MSE↓", "a          1.00'    10.0*", "long name  3.00*  1234.5'"], table.ToLines());
        Assert.Equal("a          [1.00]    <10.0>", table.ToLines((text, rank) => rank == Rank.Best ? $"<{text}>" : $"[{text}]")[1]);
    }

    private static EvaluationReport Report(params (string Name, double En, double Mse)[] rows) => new()
    {
        Kind = EvaluationKind.Images, Infrared = "ir", Visible = "vi", Items = [], Metrics = [MetricCatalog.EN, MetricCatalog.MSE],
        Methods = [.. rows.Select(r => new MethodReport(r.Name, r.Name, 1, 0, [MetricSummary.Of(MetricCatalog.EN, [r.En]), MetricSummary.Of(MetricCatalog.MSE, [r.Mse])]))],
    };
}
