using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.Running;

/// <summary>A pair of clips of the test pattern, made once for all tests of a class: 160x120, 2 s, 25 fps, ir.mp4 and vi.mp4.</summary>
public sealed class PatternClips : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Frames of either clip.</summary>
    public const int Frames = 50;

    /// <summary>Full path of the infrared clip.</summary>
    public string Infrared => _folder["ir.mp4"];

    /// <summary>Full path of the visible clip.</summary>
    public string Visible => _folder["vi.mp4"];

    public async ValueTask InitializeAsync() =>
        await CliRun.DoneInAsync(_folder.FullPath, "testpattern", "--ir", "ir.mp4", "--vi", "vi.mp4", "--size", "160x120", "--duration", "2s", "--crf", "10");

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
