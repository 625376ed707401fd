using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Texts that users see, kept in Approved/. A change is looked at, then taken over with EMMASTREAM_APPROVE=1 in the environment of the tests.</summary>
internal static class Approved
{
    /// <summary>Asserts that <paramref name="text"/> is the approved one of that name.</summary>
    public static void Equal(string name, string text)
    {
        string path = Repository.PathOf("tests", "EmmaStream.EndToEnd", "Approved", $"{name}.txt");
        string tidy = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("EMMASTREAM_APPROVE") == "1")
            File.WriteAllText(path, tidy);
        Assert.True(File.Exists(path), $"{path} is absent");
        Assert.Equal(File.ReadAllText(path), tidy);
    }
}
