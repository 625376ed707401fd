using System.Text;
using EmmaStream.Configuration.Tests.Sample;

namespace EmmaStream.Configuration.Tests;

/// <summary>Whatever a file holds, reading it gives options or problems, and never another exception. Seeds are fixed.</summary>
public sealed class FuzzTests
{
    private const string Good = """
        # everything
        streams:
          hall-1: &hall
            infrared: {url: "rtsp://${NAME}@a/ir", delay: -1.5s}
            pairing:
              master: infrared
              maxSkew: auto
          yard: *hall
        fusion: {batch: 64, maxWait: 2m, budget: 1h, size: 640x480, gain: 1e-1, preset: slow, color: false}
        users:
          - name: 'it''s'
            password: "\u0041bcdefghijkl$${x}"
          - {}
        labels: [a, "true", 'b c', |
          ]
        logFile: >-
          folded
          text
        logBytes: 0
        """;

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "\t", "'", "\"", "|", ">", "&a", "*a", "!!int ", "!", "%", "@", "`", "#", "?", "? ", ",",
        "${", "}", "${NAME}", "${file:", "$${", "<<: ", "---\n", "...\n", "\\", "\u00e9", "\u2028", "\uFEFF", "\ud83d", "null", "~", "auto", "1e999",
        "-9223372036854775809", "99999999999999d", "0x0", "streams", "fusion", "users", "batch", "\r", "\0", "\u0085",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_files_give_problems_only(int seed) => Damage(seed, 2500);

    [Fact]
    [Trait("Duration", "long")]
    public void Damaged_files_give_problems_only_for_long()
    {
        for (int seed = 100; seed < 140; seed++)
            Damage(seed, 5000);
    }

    private static void Damage(int seed, int count)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            StringBuilder text = new(random.Next(4) == 0 ? "" : Good);
            for (int edits = random.Next(1, 12); edits > 0; edits--)
            {
                int at = random.Next(text.Length + 1);
                if (random.Next(3) == 0)
                    text.Remove(at, random.Next(Math.Min(40, text.Length - at) + 1));
                else
                    text.Insert(at, random.Next(8) == 0 ? $"{(char)random.Next(0x20, 0x17F)}" : Pieces[random.Next(Pieces.Length)]);
            }
            Read(text.ToString());
        }
    }

    [Fact]
    public void Random_bytes_give_problems_only()
    {
        Random random = new(11);
        using TemporaryFile file = new("");
        byte[] bytes = new byte[200];
        for (int i = 0; i < 300; i++)
        {
            random.NextBytes(bytes);
            File.WriteAllBytes(file.Path, bytes);
            Assert.NotEmpty(YamlConfiguration.Load<SampleOptions>(file.Path, SampleReading.Settings()).Problems);
        }
    }

    private static void Read(string text)
    {
        try
        {
            ConfigurationResult<SampleOptions> result = SampleReading.Parse(text, ("NAME", "top-secret-17"));
            Assert.Equal(result.Value is null, result.Problems.Count > 0);
            Assert.All(result.Problems, p =>
            {
                Assert.DoesNotContain("top-secret-17", p.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', p.Message);
                Assert.InRange(p.Line, 1, text.Split('\n', '\r', '\u0085', '\u2028', '\u2029').Length + 1);
            });
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{e.GetType().Name}: {e.Message} for:\n{text}\n{e.StackTrace}");
        }
    }
}
