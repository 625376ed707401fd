using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.Running;

/// <summary>The bundled sample ten times over, 60 s: a run that lasts some seconds, for tests that stop it.</summary>
public sealed class LongClips : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Full path of the infrared clip.</summary>
    public string Infrared => _folder["ir.mp4"];

    /// <summary>Full path of the visible clip.</summary>
    public string Visible => _folder["vi.mp4"];

    public async ValueTask InitializeAsync()
    {
        await Played.MakeAsync("-stream_loop", "9", "-i", Repository.PathOf("samples", "street-ir.mp4"), "-c", "copy", Infrared);
        await Played.MakeAsync("-stream_loop", "9", "-i", Repository.PathOf("samples", "street-vi.mp4"), "-c", "copy", Visible);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
