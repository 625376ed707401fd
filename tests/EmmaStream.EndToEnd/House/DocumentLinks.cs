using System.Text.RegularExpressions;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.House;

/// <summary>Relative links in documents lead somewhere, headings included.</summary>
public sealed class DocumentLinks
{
    [Fact]
    public void Every_relative_link_leads_to_a_file()
        => Assert.Empty(RepositoryFiles.In(".", ".md").SelectMany(path => BrokenLinks(Repository.PathOf(path), RepositoryFiles.Text(path))));

    [Fact]
    public void A_broken_link_is_named()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.md"], "# One\n## Two `x`, three\n## One\n");
        Directory.CreateDirectory(folder["sub"]);
        File.WriteAllText(folder["sub/p q.png"], "");
        string good = """
            [a](a.md) [b](a.md#two-x-three) [b](a.md#one-1) ![c](sub/p%20q.png "title") [d](https://x.y/z) [e](#here) [f]: a.md
            <img src="sub/p%20q.png"> <a href='a.md'>x</a> [dir](sub/) [m](mailto:a@b) [g](<sub/p q.png>)
            `[not](one.md)`
            ```
            [not](a-link.md)
            ```
            # Here
            """;
        Assert.Empty(BrokenLinks(folder["b.md"], good));
        foreach (string broken in new[] { "[a](b/absent.md)", "![a](absent.png)", "[a](a.md#four)", "[a](#nowhere)", "<img src=\"no.png\">", "[x]: none.md", "[a](/etc/hostname)" })
            Assert.Single(BrokenLinks(folder["b.md"], broken));
    }

    private static IEnumerable<string> BrokenLinks(string file, string text)
    {
        string prose = WithoutCode(text);
        IEnumerable<string> targets = Regex.Matches(prose, @"\]\(<([^>]*)>\)|\]\(\s*([^)\s]+)[^)]*\)|^\s*\[[^\]]+\]:\s*(\S+)|\b(?:src|href)=[""']([^""']+)[""']", RegexOptions.Multiline)
            .Select(m => m.Groups.Values.Skip(1).First(g => g.Success).Value);
        foreach (string target in targets.Where(t => !Regex.IsMatch(t, "^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)))
        {
            string[] parts = Uri.UnescapeDataString(target).Split('#', 2);
            string path = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, parts[0]);
            if (parts[0].StartsWith('/') || !(path == file || Path.Exists(path)))
                yield return $"{file}: {target} is absent (links are relative)";
            else if (parts.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal) && !Headings(path == file ? text : File.ReadAllText(path)).Contains(parts[1]))
                yield return $"{file}: {target} names no heading";
        }
    }

    /// <summary>The names that GitHub gives to headings: lower case, spaces to -, no punctuation, -1 and on for repeats.</summary>
    private static HashSet<string> Headings(string text)
    {
        HashSet<string> names = [];
        foreach (Match heading in Regex.Matches(WithoutBlocks(text), @"^#{1,6}\s+(.+?)\s*#*\s*$", RegexOptions.Multiline))
        {
            string words = Regex.Replace(heading.Groups[1].Value, @"\[([^\]]*)\]\([^)]*\)", "$1");
            string name = Regex.Replace(words.ToLowerInvariant(), @"[^\p{L}\p{N} _-]", "").Replace(' ', '-');
            for (int n = 1; !names.Add(n == 1 ? name : $"{name}-{n - 1}"); n++)
            {
            }
        }
        return names;
    }

    private static string WithoutCode(string text) => Regex.Replace(WithoutBlocks(text), "`[^`\n]*`", "");

    private static string WithoutBlocks(string text) => Regex.Replace(text, @"^\s*(```|~~~).*?^\s*\1\s*$", "", RegexOptions.Multiline | RegexOptions.Singleline);
}
