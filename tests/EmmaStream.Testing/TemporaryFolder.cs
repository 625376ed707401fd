namespace EmmaStream.Testing;

/// <summary>A folder of its own for one test, deleted with everything in it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("emmastream-test-").FullName;

    /// <summary>Full path of a name inside.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Names of everything inside, sorted.</summary>
    public IReadOnlyList<string> Names => [.. Directory.EnumerateFileSystemEntries(FullPath).Select(Path.GetFileName).Order()!];

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
