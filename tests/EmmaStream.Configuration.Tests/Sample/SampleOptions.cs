using System.ComponentModel.DataAnnotations;
using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration.Tests.Sample;

/// <summary>A configuration with one of everything.</summary>
public sealed record SampleOptions
{
    /// <summary>The camera pairs.</summary>
    [RegularExpression("[a-z0-9-]{1,32}", ErrorMessage = "1 to 32 of a-z, 0-9 and -")]
    public IReadOnlyDictionary<string, SamplePair> Streams { get; init; } = new Dictionary<string, SamplePair>();

    /// <summary>How pictures are fused.</summary>
    public SampleFusion Fusion { get; init; } = new();

    /// <summary>Who may watch; nobody needs a password when it is empty.</summary>
    public IReadOnlyList<SampleUser> Users { get; init; } = [];

    /// <summary>Words that go into every file.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["north gate", "yes", "a: b"];

    /// <summary>Copies of what is fused.</summary>
    public SampleRecord? Record { get; init; }

    /// <summary>Where messages go; none when empty.</summary>
    public string? LogFile { get; init; }

    /// <summary>Most bytes of the log, <c>0</c> for no bound.</summary>
    public long LogBytes { get; init; } = 10_000_000_000;
}

/// <summary>One pair.</summary>
public sealed record SamplePair
{
    /// <summary>The infrared camera.</summary>
    public required SampleSource Infrared { get; init; }

    /// <summary>The visible camera, the master unless <see cref="SamplePairing.Master"/> says otherwise.</summary>
    public SampleSource Visible { get; init; } = new() { Url = "v4l2:/dev/video0", Delay = TimeSpan.FromMilliseconds(40) };

    /// <summary>How frames find their partners.</summary>
    public SamplePairing Pairing { get; init; } = new();
}

/// <summary>A camera.</summary>
public sealed record SampleSource
{
    /// <summary>Address of the camera, such as rtsp://10.0.0.5/ir.</summary>
    public required string Url { get; init; }

    /// <summary>Added to its capture times: -10 s to 10 s.</summary>
    [Range(typeof(TimeSpan), "-10s", "10s")]
    public TimeSpan Delay { get; init; }

    internal static IEnumerable<string> Schemes => ["rtsp", "v4l2"];

    internal IEnumerable<string> Problems(string path)
    {
        if (Url is not null && !Schemes.Any(s => Url.StartsWith(s + ":", StringComparison.Ordinal)))
            yield return $"{path}.url is {Url}; it begins with rtsp: or v4l2:";
    }
}

/// <summary>Which of the two leads.</summary>
public enum SampleMaster
{
    /// <summary>The visible one.</summary>
    VisibleLight,

    /// <summary>The infrared one.</summary>
    Infrared,
}

/// <summary>Pairing.</summary>
public sealed record SamplePairing
{
    /// <summary>The stream whose every frame is fused.</summary>
    public SampleMaster Master { get; init; }

    /// <summary>Largest distance of the two capture times in a pair: 0 to 1 s; auto = half the longer frame period + 5 ms.</summary>
    [Range(typeof(TimeSpan), "0ms", "1s")]
    public TimeSpan? MaxSkew { get; init; }
}

/// <summary>Fusion.</summary>
public sealed record SampleFusion
{
    /// <summary>Pairs fused in one call.</summary>
    [Range(1, 64)]
    public int Batch { get; init; } = 4;

    /// <summary>Longest wait for a full batch: 0 to 1 s. Not above <see cref="Budget"/>.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Time for one frame.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Size of the output; auto = as the visible.</summary>
    public SampleSize? Size { get; init; }

    /// <summary>Part of the details that is kept: 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double Gain { get; init; } = 0.75;

    /// <summary>Encoder preset.</summary>
    [AllowedValues("fast", "slow")]
    public string Preset { get; init; } = "fast";

    /// <summary>Whether colour is kept.</summary>
    public bool Color { get; init; } = true;

    /// <summary>Threads; auto = one for each core.</summary>
    [Range(1, int.MaxValue)]
    public int? Threads { get; init; }

    /// <summary>Not an option: it cannot be set.</summary>
    public TimeSpan Both => MaxWait + Budget;

    public IEnumerable<string> Problems(string path)
    {
        if (MaxWait > Budget)
            yield return $"{path}.maxWait is {MaxWait.TotalSeconds} s, longer than {path}.budget ({Budget.TotalSeconds} s); shorten it";
    }
}

/// <summary>A viewer.</summary>
public sealed record SampleUser
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "viewer";

    /// <summary>The password, best as ${NAME} or ${file:path}.</summary>
    public string Password { get; init; } = "";

    public IEnumerable<string> Problems(string path)
    {
        if (Password.Length is > 0 and < 12)
            yield return $"{path}.password ({Password}) has {Password.Length} characters; give 12 or more";
    }
}

/// <summary>Recording.</summary>
public sealed record SampleRecord
{
    /// <summary>Folder of the files.</summary>
    public string Folder { get; init; } = "recordings";

    /// <summary>Length of one file.</summary>
    public TimeSpan Segment { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>A size in pixels; the project that owns it knows nothing of configuration.</summary>
public readonly record struct SampleSize(int Width, int Height);

/// <summary>The sample's reading, with its own type and variables.</summary>
internal static class SampleReading
{
    public static ConfigurationConverters Converters { get; }
        = ConfigurationConverters.Standard.WithSize((w, h) => new SampleSize(w, h), (SampleSize s) => (s.Width, s.Height));

    public static ConfigurationSettings Settings(params (string Name, string Value)[] variables) => new()
    {
        Converters = Converters,
        Variables = name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault(),
    };

    public static ConfigurationResult<SampleOptions> Parse(string text, params (string Name, string Value)[] variables)
        => YamlConfiguration.Parse<SampleOptions>(text, "sample.yml", Settings(variables));

    /// <summary>The problems as their users see them.</summary>
    public static string[] ProblemsOf(string text, params (string Name, string Value)[] variables)
        => [.. Parse(text, variables).Problems.Select(p => p.ToString())];
}
