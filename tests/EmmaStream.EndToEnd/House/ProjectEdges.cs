using System.Xml.Linq;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.House;

/// <summary>Who may use whom: the table of docs/ARCHITECTURE.md. A project that is not in it must be added here and there.</summary>
public sealed class ProjectEdges
{
    private sealed record Edges(string Project, string Projects, string Packages = "");

    // Names without "EmmaStream."; a package allows those whose names it begins (OpenCvSharp4 also its runtime). Serilog is open to all.
    private static readonly Edges[] Table =
    [
        new("Core", ""),
        new("Imaging", "Core", "OpenCvSharp4"),
        new("Configuration", "", "YamlDotNet"),
        new("Media", "Core Imaging", "FFMpegCore OpenCvSharp4"),
        new("Registration", "Core Imaging", "OpenCvSharp4"),
        new("Fusion", "Core", "OnnxSharp"),
        new("Torch", "Core Fusion", "TorchSharp"),
        new("Metrics", "Core Imaging Media Registration", "OpenCvSharp4 ScottPlot"),
        new("Training", "Core Imaging Media Fusion Torch Metrics", "TorchSharp OpenCvSharp4 ScottPlot"),
        new("Rtsp", "Core"),
        new("Streaming", "Core Imaging Media Registration Fusion Rtsp"),
        new("Web", "Core Imaging Registration Streaming", "prometheus-net"),
        new("Cli", "Core Imaging Configuration Media Registration Fusion Torch Metrics Training Rtsp Streaming Web",
            "Serilog. Spectre.Console System.CommandLine TorchSharp libtorch-cpu-linux-x64"),
    ];

    // What a test project tests with, besides its own project, what that may use, and Testing with its projects.
    private static readonly Edges[] TestedWith =
    [
        new("Fusion.Tests", "", "Microsoft.ML.OnnxRuntime OpenCvSharp4"),
        new("Metrics.Tests", "Registration", "Microsoft.Playwright"),
        new("Torch.Tests", "", "libtorch-cpu-linux-x64"),
        new("Training.Tests", "", "libtorch-cpu-linux-x64"),
        new("Web.Tests", "Rtsp Fusion", "Microsoft.Playwright"),
    ];

    private const string Testing = "Core Imaging Media";
    private const string TestPackages = "xunit.v3 FsCheck.Xunit.v3";

    public static TheoryData<string> Sources => [.. RepositoryFiles.In("src", ".csproj")];

    public static TheoryData<string> Tests => [.. RepositoryFiles.In("tests", ".csproj").Where(p => !p.EndsWith("EndToEnd.csproj", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_project_uses_only_what_the_table_allows(string path)
    {
        Edges? allowed = Array.Find(Table, e => e.Project == NameOf(path));
        Assert.True(allowed is not null, $"{path} is not in the table of {nameof(ProjectEdges)}");
        Assert.Empty(Objections(RepositoryFiles.Text(path), allowed));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_test_project_uses_its_own_project_and_what_it_tests_with(string path)
    {
        string name = NameOf(path);
        Edges allowed = name == "Testing" ? new Edges(name, Testing) : AllowedInTests(name);
        Assert.Empty(Objections(RepositoryFiles.Text(path), allowed));
    }

    [Fact]
    public void Every_project_has_tests_and_is_in_the_solution()
    {
        string solution = RepositoryFiles.Text("EmmaStream.sln");
        foreach (string path in RepositoryFiles.In(".", ".csproj").Where(p => !p.StartsWith("samples/", StringComparison.Ordinal)))
            Assert.Contains(path, solution.Replace('\\', '/'), StringComparison.Ordinal);
        foreach (string name in RepositoryFiles.In("src", ".csproj").Select(NameOf).Where(n => n != "Cli"))
            Assert.True(File.Exists(Repository.PathOf("tests", $"EmmaStream.{name}.Tests", $"EmmaStream.{name}.Tests.csproj")), $"{name} has no test project");
    }

    [Fact]
    public void The_table_has_no_cycle()
    {
        // Every edge points to a row above: then there is none.
        for (int i = 0; i < Table.Length; i++)
            Assert.All(Words(Table[i].Projects), used => Assert.InRange(Array.FindIndex(Table, e => e.Project == used), 0, i - 1));
    }

    [Theory]
    [InlineData("<ProjectReference Include=\"../EmmaStream.Media/EmmaStream.Media.csproj\" />", "EmmaStream.Media")]
    [InlineData("<PackageReference Include=\"TorchSharp\" />", "TorchSharp")]
    [InlineData("<PackageReference Include=\"Serilog.Sinks.File\" />", "Serilog.Sinks.File")]
    [InlineData("<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />", "Microsoft.AspNetCore.App")]
    [InlineData("<Reference Include=\"x.dll\" />", "x.dll")]
    [InlineData("<PackageReference Include=\"OpenCvSharp4\" Version=\"1\" />", "version")]
    public void An_edge_that_is_not_allowed_is_named(string item, string name)
        => Assert.Contains(name, Assert.Single(Objections($"<Project><ItemGroup>{item}</ItemGroup></Project>", Table[1])), StringComparison.Ordinal);

    [Theory]
    [InlineData("<ProjectReference Include=\"..\\EmmaStream.Core\\EmmaStream.Core.csproj\" />")]
    [InlineData("<PackageReference Include=\"OpenCvSharp4.official.runtime.linux-x64\" />")]
    [InlineData("<PackageReference Include=\"Serilog\" />")]
    public void An_edge_that_is_allowed_is_not(string item)
        => Assert.Empty(Objections($"<Project><ItemGroup>{item}</ItemGroup></Project>", Table[1]));

    private static Edges AllowedInTests(string name)
    {
        string tested = name.Replace(".Tests", "", StringComparison.Ordinal);
        Edges own = Array.Find(Table, e => e.Project == tested) ?? new Edges(tested, "");
        Edges extra = Array.Find(TestedWith, e => e.Project == name) ?? new Edges(name, "");
        return new Edges(name, $"{tested} Testing {Testing} {own.Projects} {extra.Projects}", $"{TestPackages} {own.Packages} {extra.Packages}");
    }

    private static List<string> Objections(string project, Edges allowed)
    {
        List<string> found = [];
        XElement root = XElement.Parse(project);
        foreach (XElement item in root.Descendants())
        {
            string include = (string?)item.Attribute("Include") ?? "";
            switch (item.Name.LocalName)
            {
                case "ProjectReference" when !Words(allowed.Projects).Contains(NameOf(include)):
                    found.Add($"EmmaStream.{allowed.Project} may not use EmmaStream.{NameOf(include)}");
                    break;
                case "PackageReference" when item.Attribute("Version") is not null:
                    found.Add($"{include}: the version belongs into Directory.Packages.props");
                    break;
                case "PackageReference" when include != "Serilog" && !Words(allowed.Packages).Any(p => Fits(include, p)):
                    found.Add($"EmmaStream.{allowed.Project} may not use the package {include}");
                    break;
                case "FrameworkReference" when allowed.Project is not ("Web" or "Web.Tests" or "Cli"):
                case "Reference":
                    found.Add($"EmmaStream.{allowed.Project} may not use {include}");
                    break;
            }
        }
        return found;
    }

    private static bool Fits(string package, string allowed)
        => package == allowed || package.StartsWith(allowed.EndsWith('.') ? allowed : allowed + ".", StringComparison.Ordinal);

    private static string NameOf(string path)
        => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("EmmaStream.", "", StringComparison.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
