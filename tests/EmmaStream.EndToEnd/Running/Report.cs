using System.Text.Json;

namespace EmmaStream.EndToEnd.Running;

/// <summary>The report of a run, read from its JSON and held to its own sums.</summary>
internal sealed class Report
{
    private readonly JsonElement _root;

    private Report(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        _root = document.RootElement.Clone();
        Assert.Equal(Master("in"), Master("fused") + Master("passed") + Master("dropped") + Master("failed"));
        Assert.Equal(Partner("in"), Partner("used") + Partner("unused"));
        foreach (JsonElement sink in _root.GetProperty("sinks").EnumerateArray())
            Assert.Equal(Count(sink, "in"), Count(sink, "written") + Count(sink, "dropped") + Count(sink, "failed"));
        Assert.Equal(Master("passed") + Master("dropped") + Master("failed"), _root.GetProperty("master").GetProperty("reasons").EnumerateObject().Sum(r => r.Value.GetInt64()));
    }

    /// <summary>Reads a report file.</summary>
    public static Report Load(string path) => new(File.ReadAllText(path));

    /// <summary>Reads what --json printed.</summary>
    public static Report Of(CliRun run) => new(run.Output);

    /// <summary>A count of the visible stream: in, fused, passed, dropped, failed.</summary>
    public long Master(string name) => Count(_root.GetProperty("master"), name);

    /// <summary>A count of the infrared stream: in, used, reused, unused.</summary>
    public long Partner(string name) => Count(_root.GetProperty("partner"), name);

    /// <summary>What every sink was given: fused and passed frames.</summary>
    public long Delivered => Master("fused") + Master("passed");

    /// <summary>Any value, by the names on its way.</summary>
    public JsonElement this[params string[] path] => path.Aggregate(_root, (e, name) => e.GetProperty(name));

    private static long Count(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
