namespace EmmaStream.Configuration.Tests;

/// <summary>A file in a folder of its own, gone at the end.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text, string name = "sample.yml")
    {
        Folder = Directory.CreateTempSubdirectory("emmastream-test-").FullName;
        Path = System.IO.Path.Combine(Folder, name);
        File.WriteAllText(Path, text);
    }

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
