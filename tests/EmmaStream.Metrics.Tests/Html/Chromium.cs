using Microsoft.Playwright;

namespace EmmaStream.Metrics.Tests.Html;

/// <summary>The machine's Chromium, headless, started once for a test class; tests skip by name where it is absent.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (path is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [] });
    }

    /// <summary>Opens a file; console errors, page errors and requests other than file: and data: are collected.</summary>
    public async Task<WatchedPage> OpenAsync(string file, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, bool touch = false)
    {
        Assert.SkipWhen(_browser is null, "chromium is absent");
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, HasTouch = touch, Offline = true });
        WatchedPage watched = new(await context.NewPageAsync());
        await watched.Page.GotoAsync(new Uri(file).AbsoluteUri);
        return watched;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page whose complaints are kept.</summary>
public sealed class WatchedPage
{
    internal WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add($"console: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add($"error: {error}");
        page.RequestFailed += (_, request) => Complaints.Add($"failed: {request.Url}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                Complaints.Add($"network: {request.Url}");
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>What it complained about.</summary>
    public List<string> Complaints { get; } = [];
}
