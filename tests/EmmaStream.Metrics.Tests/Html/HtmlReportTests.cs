using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Plots;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Temporal;
using EmmaStream.Testing;
using Microsoft.Playwright;
using SkiaSharp;

namespace EmmaStream.Metrics.Tests.Html;

public sealed class HtmlReportTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const string Hostile = "<img src=x onerror=\"window.hacked=1\">{{data}}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_report_opens_without_a_network_and_without_a_complaint()
    {
        await MakeAsync(6);
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            WatchedPage watched = await chromium.OpenAsync(_folder["report/index.html"], scheme: scheme);
            await watched.Page.EvaluateAsync("async () => { for (const i of document.images) { i.loading = 'eager'; await i.decode(); } }");
            Assert.Empty(watched.Complaints);
            Assert.Equal(2 + 2 + 13, await watched.Page.Locator("img").CountAsync());
            string plot = await watched.Page.Locator(".plots img").First.EvaluateAsync<string>("i => i.currentSrc");
            Assert.EndsWith($"en-spread-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png", plot, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_move_between_pairs_and_zoom_every_pane_alike()
    {
        await MakeAsync(6);
        IPage page = (await chromium.OpenAsync(_folder["report/index.html"])).Page;
        Assert.Equal("pair 0", await page.InnerTextAsync("#name"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("pair 2", await page.InnerTextAsync("#name"));
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("pair 1", await page.InnerTextAsync("#name"));
        await page.FocusAsync("#items");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("pair 2", await page.InnerTextAsync("#name"));
        await page.Keyboard.PressAsync("End");
        Assert.Equal("pair 5", await page.InnerTextAsync("#name"));
        Assert.Equal("true", await page.Locator("#items [role=option]").Nth(5).GetAttributeAsync("aria-selected"));
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        string[] transforms = await page.Locator(".pane img").EvaluateAllAsync<string[]>("images => images.map(i => i.style.transform)");
        Assert.Equal(4, transforms.Length);
        Assert.StartsWith("scale(2.25) translate(-", transforms[0], StringComparison.Ordinal);
        Assert.Single(transforms.Distinct());
        await page.Keyboard.PressAsync("0");
        Assert.Equal("100 %", await page.InnerTextAsync("#scale"));
    }

    [Fact]
    public async Task A_wheel_over_one_pane_keeps_the_place_under_the_pointer_in_all()
    {
        await MakeAsync(1);
        IPage page = (await chromium.OpenAsync(_folder["report/index.html"])).Page;
        ILocator pane = page.Locator(".pane").First;
        await pane.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await pane.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width / 4, box.Y + box.Height / 2);
        await page.Mouse.WheelAsync(0, -100);
        await Assertions.Expect(page.Locator("#scale")).ToHaveTextAsync("149 %");
        // A quarter of the width stays a quarter: x = 0.25 (1 - 1 / scale).
        string transform = (await page.Locator(".pane img").Nth(3).EvaluateAsync<string>("i => i.style.transform"))!;
        double x = double.Parse(transform.Split("translate(-")[1].Split('%')[0], CultureInfo.InvariantCulture);
        Assert.Equal(25 * (1 - Math.Exp(-0.4)), x, 0.5);
    }

    [Fact]
    public async Task The_list_sorts_by_a_metric_and_filters_by_name()
    {
        EvaluationReport report = await MakeAsync(6);
        IPage page = (await chromium.OpenAsync(_folder["report/index.html"])).Page;
        string[] names = [.. report.Items.Select(i => i.Name)];
        Assert.Equal("Name", await page.Locator("#metric option:checked").InnerTextAsync());
        Assert.Equal(names, await ListedAsync(page));
        Assert.True(await page.IsDisabledAsync("#best"));
        await page.SelectOptionAsync("#metric", "VIF");
        Assert.Equal(report.Items.OrderByDescending(i => i.Scores[0]![MetricCatalog.VIF]).Select(i => i.Name), await ListedAsync(page));
        Assert.Equal("true", await page.GetAttributeAsync("#best", "aria-pressed"));
        await page.SelectOptionAsync("#metric", "Name");
        Assert.Equal(names, await ListedAsync(page));
        await page.SelectOptionAsync("#metric", "MSE");
        await page.ClickAsync("#worst");
        string worst = report.Items.MaxBy(i => i.Scores[0]![MetricCatalog.MSE])!.Name;
        Assert.Equal(worst, await page.InnerTextAsync("#items .item >> nth=0 >> span >> nth=0"));
        await page.ClickAsync("#best");
        string best = report.Items.MinBy(i => i.Scores[0]![MetricCatalog.MSE])!.Name;
        Assert.Equal(best, await page.InnerTextAsync("#items .item >> nth=0 >> span >> nth=0"));
        await page.FillAsync("#find", "PAIR 4");
        Assert.Equal(1, await page.Locator("#items .item").CountAsync());
        Assert.Equal("1 of 6 pairs", await page.InnerTextAsync("#count"));
    }

    [Theory]
    [InlineData(390)]
    [InlineData(320)]
    public async Task Nothing_overflows_on_a_phone_even_with_long_names(int width)
    {
        string longName = string.Concat(Enumerable.Repeat("averylongname", 9));
        Pair(longName, 0);
        Pair("b", 1);
        File.WriteAllText(_folder["max/b.png"], "corrupt");
        await RunAsync($"{new string('M', 70)}={_folder["mean"]}", $"{Hostile.Replace("=", "", StringComparison.Ordinal)}={_folder["max"]}", $"third={_folder["mean"]}");
        WatchedPage watched = await chromium.OpenAsync(_folder["report/index.html"], width, 844, touch: true);
        await watched.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Equal(width, await watched.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"));
        string[] wide = await watched.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll > *') && !e.closest('.skip') && !e.closest('.pane') && e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.tagName + '.' + e.className)");
        Assert.Empty(wide);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Names_are_text_and_never_markup()
    {
        Pair(Hostile.Replace("/", "", StringComparison.Ordinal), 1);
        Pair("</script><script>window.hacked=1</script>".Replace("/", "∕", StringComparison.Ordinal), 2);
        Pair("good", 3);
        File.WriteAllText(_folder[$"vi/good.png"], "corrupt");
        await RunAsync($"{_folder["mean"]}", $"<b>max={_folder["max"]}");
        WatchedPage watched = await chromium.OpenAsync(_folder["report/index.html"]);
        Assert.True(await watched.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        Assert.Equal(0, await watched.Page.Locator("h1 b, td b b, th b, img[src=x]").CountAsync());
        string[] names = await watched.Page.Locator("#items .item span:first-child").EvaluateAllAsync<string[]>("spans => spans.map(s => s.textContent)");
        Assert.Contains(Hostile, names);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Best_is_bold_and_second_underlined()
    {
        EvaluationReport report = await MakeAsync(3);
        ComparisonTable table = ComparisonTable.Of(report);
        IPage page = (await chromium.OpenAsync(_folder["report/index.html"])).Page;
        for (int c = 0; c < table.Columns.Count; c++)
        {
            int best = table.Cells[0][c].Rank == Rank.Best ? 0 : 1;
            Assert.Equal(table.Cells[best][c].Text, await page.InnerTextAsync($"#comparison .wide tbody tr >> nth={best} >> td >> nth={c} >> b"));
            Assert.Equal(table.Cells[1 - best][c].Text, await page.InnerTextAsync($"#comparison .wide tbody tr >> nth={1 - best} >> td >> nth={c} >> u"));
        }
    }

    [Fact]
    public async Task The_page_opens_on_a_pair_that_all_methods_have_and_marks_the_others()
    {
        for (int i = 0; i < 6; i++)
            Pair($"pair {i}", i);
        foreach (int i in (int[])[0, 1, 3])
            File.Delete(_folder[$"max/pair {i}.png"]);
        EvaluationReport report = await RunAsync(_folder["mean"], _folder["max"]);
        Assert.Equal(["pair 2", "pair 4", "pair 5"], PairPictures.Choose(report, 3).Select(i => i.Name));
        Assert.Equal(["pair 2", "pair 4"], PairPictures.Choose(report, 2).Select(i => i.Name));
        Assert.Superset(new HashSet<string> { "pair 2", "pair 4", "pair 5" }, PairPictures.Choose(report, 5).Select(i => i.Name).ToHashSet());
        Assert.Equal(5, PairPictures.Choose(report, 5).Distinct().Count());

        IPage page = (await chromium.OpenAsync(_folder["report/index.html"])).Page;
        Assert.Equal("pair 2", await page.InnerTextAsync("#name"));
        Assert.Equal(
            ["pair 0 1 of 2 methods", "pair 1 1 of 2 methods", "pair 2", "pair 3 1 of 2 methods", "pair 4", "pair 5"],
            await page.Locator("#items .item").EvaluateAllAsync<string[]>("rows => rows.map(r => [...r.querySelectorAll('span:first-child, small')].map(e => e.textContent).join(' '))"));
    }

    [Fact]
    public async Task A_folder_that_is_no_report_of_ours_is_refused_and_left_alone()
    {
        Pair("a", 1);
        Directory.CreateDirectory(_folder["report"]);
        File.WriteAllText(_folder["report/holiday.txt"], "keep");
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(_folder["mean"]));
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.Contains("left alone", fault.Message, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(_folder["report/holiday.txt"]));
        Assert.Equal(["ir", "max", "mean", "report", "vi"], _folder.Names);
    }

    [Fact]
    public async Task An_earlier_report_is_replaced_and_an_empty_folder_is_used()
    {
        Pair("a", 1);
        Directory.CreateDirectory(_folder["report"]);
        await RunAsync(_folder["mean"]);
        File.WriteAllText(_folder["report/index.html"], "old");
        await RunAsync(_folder["mean"]);
        Assert.NotEqual("old", File.ReadAllText(_folder["report/index.html"]));
        Assert.Equal(["ir", "max", "mean", "report", "vi"], _folder.Names);
    }

    [Theory]
    [InlineData("report/notes.txt")]
    [InlineData("report/images/mine.png")]
    public async Task What_a_user_put_into_an_earlier_report_is_left_alone(string file)
    {
        Pair("a", 1);
        await RunAsync(_folder["mean"]);
        File.WriteAllText(_folder[file], "mine");
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(_folder["mean"]));
        Assert.Contains(Path.GetFileName(file), fault.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder[file]));
    }

    [Fact]
    public async Task A_folder_that_a_user_made_in_an_earlier_report_is_left_alone_even_empty()
    {
        Pair("a", 1);
        await RunAsync(_folder["mean"]);
        Directory.CreateDirectory(_folder["report/later"]);
        Assert.Contains("later", (await Assert.ThrowsAsync<Fault>(() => RunAsync(_folder["mean"]))).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder["report/later"]));
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("ir")]
    public async Task A_report_within_an_inputs_folder_is_no_part_of_that_input(string input)
    {
        Pair("a", 1);
        EvaluationOptions options = new()
        {
            Infrared = _folder["ir"], Visible = _folder["vi"], Fused = [FusedInput.Parse(_folder["mean"])], Html = _folder[$"{input}/report"],
        };
        await Evaluation.RunAsync(options, null, TestContext.Current.CancellationToken);
        EvaluationReport again = await Evaluation.RunAsync(options, null, TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single(again.Items).Name);
        Assert.Empty(again.Unpaired);
    }

    [Fact]
    public async Task A_failed_run_leaves_the_earlier_report()
    {
        Pair("a", 1);
        await RunAsync(_folder["mean"]);
        byte[] before = File.ReadAllBytes(_folder["report/index.html"]);
        File.WriteAllText(_folder["ir/a.png"], "corrupt");
        await Assert.ThrowsAsync<Fault>(() => RunAsync(_folder["mean"]));
        Assert.Equal(before, File.ReadAllBytes(_folder["report/index.html"]));
        Assert.Equal(["ir", "max", "mean", "report", "vi"], _folder.Names);
    }

    [Fact]
    public async Task Without_a_font_the_page_says_that_plots_were_left_out()
    {
        EvaluationReport report = await MakeAsync(1);
        using ReportFolder folder = ReportFolder.Begin(_folder["other"]);
        HtmlReport.Write(report, new Dictionary<ItemReport, ItemPictures>(), folder, font: null);
        string page = File.ReadAllText(folder["index.html"]);
        Assert.Contains("no font is installed", page, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder["plots"]));
    }

    [Fact]
    public async Task What_cannot_be_written_is_called_by_the_reports_own_name()
    {
        EvaluationReport report = await MakeAsync(1);
        using ReportFolder folder = ReportFolder.Begin(_folder["other"]);
        Directory.Delete(folder["plots"]);
        File.WriteAllText(folder["plots"], "in the way");
        Fault fault = Assert.Throws<Fault>(() => HtmlReport.Write(report, new Dictionary<ItemReport, ItemPictures>(), folder, PlotTheme.FindFont(SKFontManager.Default) ?? "any"));
        Assert.Contains(_folder["other/plots/"], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partial-", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frames_picture_that_cannot_be_saved_costs_the_page_and_not_the_figures()
    {
        using FramePool pool = new();
        using ReportFolder folder = ReportFolder.Begin(_folder["other"]);
        Directory.Delete(folder["images"]);
        File.WriteAllText(folder["images"], "in the way");
        FramePictures pictures = new(folder, pool, 10);
        GrayPlane plane = TestPlanes.Make(48, 48, 1);
        pictures.Save(new FrameSet(0, plane, plane, [plane]), null);
        EvaluationReport report = new() { Kind = EvaluationKind.Video, Infrared = "i", Visible = "v", Metrics = [], Methods = [], Items = [] };
        Fault fault = Assert.Throws<Fault>(() => pictures.For(report));
        Assert.Contains(_folder["other/images/"], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partial-", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_pairs_than_pictures_keep_the_best_and_the_worst()
    {
        EvaluationReport report = await MakeAsync(20);
        List<ItemReport> chosen = [.. PairPictures.Choose(report, 8)];
        Assert.Equal(8, chosen.Distinct().Count());
        IEnumerable<ItemReport> ranked = report.Items.OrderBy(i => i.Scores[0]![MetricCatalog.VIF]);
        Assert.Superset(ranked.Take(2).Concat(ranked.TakeLast(2)).ToHashSet(), chosen.ToHashSet());
        Assert.Equal(report.Items.Where(chosen.Contains), chosen);
    }

    private static Task<string[]> ListedAsync(IPage page) =>
        page.Locator("#items .item span:first-child").EvaluateAllAsync<string[]>("names => names.map(n => n.textContent)");

    private async Task<EvaluationReport> MakeAsync(int pairs)
    {
        for (int i = 0; i < pairs; i++)
            Pair($"pair {i}", i);
        return await RunAsync(_folder["mean"], _folder["max"]);
    }

    private Task<EvaluationReport> RunAsync(params string[] fused) => Evaluation.RunAsync(
        new() { Infrared = _folder["ir"], Visible = _folder["vi"], Fused = [.. fused.Select(FusedInput.Parse)], Html = _folder["report"] },
        null, TestContext.Current.CancellationToken);

    private void Pair(string name, int seed)
    {
        PlaneTrio trio = TestPlanes.Trio(120, 80, seed);
        TestPlanes.Save(trio.Infrared, _folder[$"ir/{name}.png"]);
        TestPlanes.Save(trio.Visible, _folder[$"vi/{name}.png"]);
        TestPlanes.Save(trio.Fused, _folder[$"mean/{name}.png"]);
        TestPlanes.Save(TestPlanes.Max(trio.Infrared, trio.Visible), _folder[$"max/{name}.png"]);
    }
}
