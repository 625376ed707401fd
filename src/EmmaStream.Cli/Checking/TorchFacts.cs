namespace EmmaStream.Cli.Checking;

/// <summary>Whether the torch engine can run here.</summary>
internal static class TorchFacts
{
    /// <summary>Good, or not there, with a sentence.</summary>
    public static (bool? IsGood, string Text) Describe() => (null, "this program was built without it");
}
