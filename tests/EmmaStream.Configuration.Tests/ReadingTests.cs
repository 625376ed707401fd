using EmmaStream.Configuration.Tests.Sample;

namespace EmmaStream.Configuration.Tests;

public sealed class ReadingTests
{
    private static SampleOptions Read(string text, params (string, string)[] variables)
        => SampleReading.Parse(text, variables).ValueOrThrow();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n...\n")]
    [InlineData("fusion:\n  # batch: 3\nstreams:\nusers:\n")]
    [InlineData("fusion: {}\nstreams: {}\nusers: []\n")]
    public void What_says_nothing_gives_the_defaults(string text)
        => Assert.Empty(OptionValues.ChangedPaths(new SampleOptions(), Read(text), SampleReading.Converters));

    [Fact]
    public void Every_type_is_read()
    {
        SampleOptions options = Read("""
            streams:
              hall-1:
                infrared: {url: "rtsp://a/ir", delay: -1.5s}
                pairing:
                  master: infrared
                  maxSkew: 20ms
              yard:
                infrared: {url: rtsp://b/ir}
                visible: {delay: 0}
            fusion: {batch: 64, maxWait: 2m, budget: 1h, size: 640x480, gain: 1e-1, preset: slow, color: false, threads: 3}
            users:
              - name: 5
              - {}
            labels: [a, "true", 'b c']
            record:
              segment: 90s
            logFile: /var/log/x.log
            logBytes: 0
            """);
        Assert.Equal(["hall-1", "yard"], options.Streams.Keys);
        SamplePair hall = options.Streams["hall-1"];
        Assert.Equal(new SampleSource { Url = "rtsp://a/ir", Delay = TimeSpan.FromSeconds(-1.5) }, hall.Infrared);
        Assert.Equal(new SamplePairing { Master = SampleMaster.Infrared, MaxSkew = TimeSpan.FromMilliseconds(20) }, hall.Pairing);
        Assert.Equal(
            new SampleFusion
            {
                Batch = 64, MaxWait = TimeSpan.FromMinutes(2), Budget = TimeSpan.FromHours(1), Size = new SampleSize(640, 480),
                Gain = 0.1, Preset = "slow", Color = false, Threads = 3,
            },
            options.Fusion);
        Assert.Equal([new SampleUser { Name = "5" }, new SampleUser()], options.Users);
        Assert.Equal(["a", "true", "b c"], options.Labels);
        Assert.Equal(new SampleRecord { Segment = TimeSpan.FromSeconds(90) }, options.Record);
        Assert.Equal("/var/log/x.log", options.LogFile);
        Assert.Equal(0, options.LogBytes);
    }

    [Fact]
    public void A_section_keeps_the_defaults_of_the_property_that_holds_it()
    {
        SampleSource visible = Read("streams: {a: {infrared: {url: rtsp://x}, visible: {delay: 1s}}}").Streams["a"].Visible;
        Assert.Equal(new SampleSource { Url = "v4l2:/dev/video0", Delay = TimeSpan.FromSeconds(1) }, visible);
    }

    private sealed record Inner
    {
        public static Inner Standard { get; } = new();
        public int Depth { get; init; } = 4;
    }

    private sealed record Outer
    {
        public Inner Inner { get; init; } = Inner.Standard;
    }

    [Fact]
    public void Reading_one_file_leaves_the_defaults_of_the_next_alone()
    {
        Assert.Equal(9, YamlConfiguration.Parse<Outer>("inner: {depth: 9}", "x").ValueOrThrow().Inner.Depth);
        Assert.Equal(4, YamlConfiguration.Parse<Outer>("", "x").ValueOrThrow().Inner.Depth);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("${SKEW}")]
    public void Auto_and_nothing_are_the_null_of_a_nullable(string text)
        => Assert.Null(Read($"fusion:\n  size: {text}\n", ("SKEW", "auto")).Fusion.Size);

    [Fact]
    public void A_section_that_is_absent_by_default_is_there_once_its_name_is_and_away_with_a_null()
    {
        Assert.Null(Read("").Record);
        Assert.Null(Read("record: ~\n").Record);
        Assert.Equal(new SampleRecord(), Read("record: {}\n").Record);
        Assert.Equal(new SampleRecord(), Read("record:\n  #folder: x\n").Record);
    }

    [Fact]
    public void An_alias_repeats_a_section()
    {
        SampleOptions options = Read("streams:\n  a: &pair {infrared: {url: rtsp://x}}\n  b: *pair\n");
        Assert.Equal("rtsp://x", options.Streams["b"].Infrared.Url);
    }

    [Fact]
    public void A_file_may_begin_with_a_byte_order_mark()
    {
        using TemporaryFile file = new("\uFEFFfusion: {batch: 5}\r\n");
        Assert.Equal(5, YamlConfiguration.Load<SampleOptions>(file.Path, SampleReading.Settings()).ValueOrThrow().Fusion.Batch);
    }

    [Fact]
    public void Changed_options_are_named_by_their_paths()
    {
        SampleOptions before = Read("streams: {a: {infrared: {url: rtsp://x}}, b: {infrared: {url: rtsp://x}}}\nlabels: [a]\n");
        SampleOptions after = Read("streams: {a: {infrared: {url: rtsp://y}}, c: {infrared: {url: rtsp://x}}}\nlabels: [a, b]\nfusion: {size: 4x4}\nrecord: {}\n");
        Assert.Equal(["fusion.size", "labels[1]", "record", "streams.a.infrared.url", "streams.b", "streams.c"],
            OptionValues.ChangedPaths(before, after, SampleReading.Converters));
        Assert.Empty(OptionValues.ChangedPaths(after, after with { Labels = ["a", "b"] }, SampleReading.Converters));
    }
}
