using System.Text.Json;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>What <c>bench</c> measures and prints; never how fast.</summary>
public sealed class BenchTests : IDisposable
{
    private static readonly string[] RowFields =
    [
        "fuser", "engine", "threads", "size", "scale", "batch", "medianMs", "p95Ms", "framesPerSecond", "ratio", "gflopsPerSecond", "peakShare", "allocatedBytes", "calls",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_engine_is_measured_with_every_number_of_threads_scale_and_batch_that_mean_something_to_it()
    {
        JsonElement json = await JsonAsync("--fuser", "emma,max", "--engine", "cpu,torch,op-by-op", "--threads", "1,2", "--size", "64x72", "--scale", "1,1/4", "--batch", "1,2");
        string[] wanted =
        [
            "cpu 1 1 1", "cpu 1 1 2", "cpu 1 1/4 1", "cpu 1 1/4 2", "cpu 2 1 1", "cpu 2 1 2", "cpu 2 1/4 1", "cpu 2 1/4 2",
            "torch 1 1 1", "torch 2 1 1", "op-by-op 1 1 1", "op-by-op 2 1 1", "max  1 1", "max  1 2",
        ];
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            wanted.Order(StringComparer.Ordinal), rows.Select(r => $"{Text(r, "engine")} {Text(r, "threads")} {Text(r, "scale")} {Text(r, "batch")}").Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            Assert.Equal(RowFields, row.EnumerateObject().Select(p => p.Name));
            Assert.Equal("64x72", Text(row, "size"));
            double ms = row.GetProperty("medianMs").GetDouble();
            Assert.InRange(row.GetProperty("p95Ms").GetDouble(), ms, double.MaxValue);
            Assert.Equal(1, row.GetProperty("framesPerSecond").GetDouble() * ms / 1000, 0.1);
            if (Text(row, "engine") != "max")
                Assert.Contains($" {Text(row, "threads")} thread", Text(row, "fuser"), StringComparison.Ordinal);
            Assert.Equal(3, row.GetProperty("calls").GetInt32());
        });
    }

    [Fact]
    public async Task Ratios_are_to_libtorch_op_by_op_of_the_same_threads_and_rates_count_the_direct_form()
    {
        // 60x60 is padded to 64x64.
        JsonElement json = await JsonAsync("--fuser", "emma,max", "--engine", "cpu,op-by-op", "--threads", "1,2", "--size", "60x60", "--scale", "1,1/2");
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        double peak = json.GetProperty("peakGflopsPerSecond").GetDouble();
        Assert.InRange(peak, 0.1, 1e5);
        foreach (JsonElement row in rows.Where(r => Text(r, "engine") != "max"))
        {
            JsonElement baseline = Assert.Single(rows, r => Text(r, "engine") == "op-by-op" && Text(r, "threads") == Text(row, "threads"));
            double ms = row.GetProperty("medianMs").GetDouble();
            Assert.Equal(baseline.GetProperty("medianMs").GetDouble() / ms, row.GetProperty("ratio").GetDouble(), 0.01);
            if (Text(row, "scale") != "1")
            {
                Assert.Equal(JsonValueKind.Null, row.GetProperty("gflopsPerSecond").ValueKind);
                continue;
            }
            double rate = 48.3 * 64 * 64 / (640 * 480) / ms * 1000;
            Assert.Equal(1, row.GetProperty("gflopsPerSecond").GetDouble() / rate, 0.01);
            Assert.Equal(rate / peak / row.GetProperty("threads").GetInt32(), row.GetProperty("peakShare").GetDouble(), 0.001);
        }
        Assert.Equal(JsonValueKind.Null, rows.Single(r => Text(r, "engine") == "max").GetProperty("ratio").ValueKind);
    }

    [Fact]
    public async Task What_was_measured_on_which_machine_is_said()
    {
        JsonElement json = await JsonAsync("--fuser", "emma", "--engine", "cpu", "--threads", "1", "--size", "32x32");
        JsonElement machine = json.GetProperty("machine");
        Assert.Equal("emma.safetensors", Text(machine, "weights"));
        Assert.Equal("float32", Text(machine, "precision"));
        Assert.Contains(Text(machine, "vectorBits"), (string[])["512", "256", "32"]);
        Assert.NotEqual("", Text(machine, "processor"));
        Assert.Contains("in memory", Text(json, "included"), StringComparison.Ordinal);

        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "bench", "--fuser", "emma", "--engine", "cpu", "--size", "32x32", "--seconds", "0", "--md");
        Assert.Contains(Text(machine, "processor"), run.Output, StringComparison.Ordinal);
        Assert.Contains("float32, weights emma.safetensors", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n| engine | size |", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n| cpu | 32x32 |", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableHWIntrinsic", 32)]
    public async Task The_peak_is_of_the_vectors_that_the_engine_uses(string variable, int bits)
    {
        CliSettings settings = new() { Folder = _folder.FullPath, Environment = new Dictionary<string, string?> { [variable] = "0" } };
        CliRun run = await CliRun.InAsync(settings, "bench", "--fuser", "emma", "--engine", "cpu", "--threads", "1", "--size", "16x16", "--seconds", "0", "--json");
        Assert.True(run.Code == 0, run.Errors);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(bits, json.RootElement.GetProperty("machine").GetProperty("vectorBits").GetInt32());
        Assert.Contains(bits == 256 ? "avx2" : "scalar", Text(json.RootElement.GetProperty("rows")[0], "fuser"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_are_the_parts_of_the_network()
    {
        JsonElement json = await JsonAsync("--fuser", "emma", "--engine", "cpu", "--threads", "2", "--size", "32x32,64x64", "--layers");
        JsonElement[] rows = [.. json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(2 * 29, rows.Length);
        foreach (string size in new[] { "32x32", "64x64" })
        {
            JsonElement[] of = [.. rows.Where(r => Text(r, "size") == size)];
            string[] layers = [.. of.Select(r => Text(r, "layer"))];
            Assert.Equal(29, layers.Distinct().Count());
            Assert.All(new[] { "I_en_1", "V_en_4", "f_2", "de_3", "I_down1", "V_down3", "up4", "last", "frame" }, layer => Assert.Contains(layer, layers));
            Assert.Equal(1, of.Single(r => Text(r, "layer") == "frame").GetProperty("share").GetDouble());
            Assert.All(of, r => Assert.True(r.GetProperty("medianMs").GetDouble() >= 0));
        }
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "bench", "--fuser", "emma", "--engine", "cpu", "--size", "32x32", "--seconds", "0", "--layers");
        Assert.Contains(run.Output.Split('\n'), line => line.StartsWith("I_down1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_EMMA_the_pipeline_tells_what_it_takes_and_what_it_leaves_of_the_engine()
    {
        CliRun run = await CliRun.DoneInAsync(
            _folder.FullPath, "bench", "--pipeline", "--fuser", "emma", "--engine", "cpu", "--threads", "1,2", "--size", "160x120", "--frames", "10", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["1", "2"], rows.Select(r => Text(r, "threads")));
        Assert.All(rows, row =>
        {
            Assert.Equal(
                ["engine", "threads", "size", "scale", "frames", "framesPerSecond", "aloneMs", "insideMs", "speedKept", "ownMs", "ownShare"], row.EnumerateObject().Select(p => p.Name));
            double alone = row.GetProperty("aloneMs").GetDouble();
            Assert.Equal(alone / row.GetProperty("insideMs").GetDouble(), row.GetProperty("speedKept").GetDouble(), 0.01);
            Assert.Equal(row.GetProperty("ownMs").GetDouble() / alone, row.GetProperty("ownShare").GetDouble(), 0.01);
        });
    }

    [Theory]
    [InlineData("--engine", "cpu,gpu", "op-by-op")]
    [InlineData("--engine", ",", "auto, cpu, torch, op-by-op")]
    [InlineData("--threads", "1,0", "1 to 256")]
    [InlineData("--scale", "1,1/3", "1, 1/2, 1/4")]
    [InlineData("--batch", "1,65", "1 to 64")]
    [InlineData("--frames", "20", "--pipeline")]
    [InlineData("--fuser=max --layers", "", "--fuser emma")]
    [InlineData("--engine=torch --layers", "", "add cpu to --engine")]
    [InlineData("--size=64x32 --scale", "1/4", "less than 16 pixels")]
    [InlineData("--pipeline --fuser", "max", "average")]
    [InlineData("--pipeline --frames", "9", "10 to 100000")]
    [InlineData("--pipeline --size", "64x48", "160x120")]
    [InlineData("--pipeline --batch", "2", "not for --pipeline")]
    [InlineData("--md --json", "", "give one")]
    public async Task What_cannot_be_measured_is_refused_with_what_can(string options, string value, string text)
        => await Refusal.ExpectAsync(_folder, 2, [options.Split(' ')[^1].Split('=')[0], text], "o.mp4", ["bench", .. options.Split(' '), .. value.Length > 0 ? [value] : Array.Empty<string>()]);

    public void Dispose() => _folder.Dispose();

    private async Task<JsonElement> JsonAsync(params string[] options)
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, ["bench", .. options, "--seconds", "0", "--json"]);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).ToString();
}
