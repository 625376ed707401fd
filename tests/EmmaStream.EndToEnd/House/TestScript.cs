using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.House;

/// <summary>How test.sh adds up, on logs as <c>dotnet test</c> writes them.</summary>
public sealed class TestScript
{
    private const string Good = """
        Running tests from /a/Good.dll (net10.0|x64)
        skipped Good.T.Needs_shared
          ../shared is absent
          from /a/Good.dll (net10.0|x64)
        /a/Good.dll (net10.0|x64) passed (353ms)

        Test run summary: Passed!
          /a/Good.dll (net10.0|x64) passed (353ms)

          total: 4
          failed: 0
          succeeded: 3
          skipped: 1
          duration: 969ms

        """;

    private const string Bad = """
        failed Bad.T.Prints_a_summary (13ms)
          from /a/Bad.dll (net10.0|x64)
          Assert.True() Failure
          Expected: True
        /a/Bad.dll (net10.0|x64) failed with 1 error(s) (341ms)
        Exit code: 2
          Standard output:   failed: 7
          Test run summary: Passed!
            succeeded: 9
        /a/Crash.dll (net10.0|x64) Zero tests ran (1s 348ms)
        Exit code: 134

        Test run summary: Failed!
          /a/Bad.dll (net10.0|x64) failed with 1 error(s) (341ms)
          /a/Crash.dll (net10.0|x64) failed (348ms)

          error: 1

          total: 4
          failed: 1
          succeeded: 2
          skipped: 1
          duration: 1s 927ms
        Test run completed with non-success exit code: 1 (see: https://aka.ms/testingplatform/exitcodes)

        """;

    [Theory]
    [InlineData(Good, 0, "3 passed, 0 failed, 1 skipped", 0)]
    [InlineData(Good, 1, "3 passed, 1 failed, 1 skipped", 1)]     // a module that could not start is in no count
    [InlineData(Bad, 1, "2 passed, 2 failed, 1 skipped", 1)]      // a crashed host counts as one
    [InlineData("nothing\n", 1, "0 passed, 1 failed, 0 skipped", 1)]
    [InlineData("nothing\n", 0, "0 passed, 0 failed, 0 skipped", 1)]
    [InlineData("", 134, "0 passed, 1 failed, 0 skipped", 1)]
    public void The_last_line_is_the_sum(string log, int runExit, string last, int exit)
    {
        (int code, string output) = Sum(log, runExit);
        Assert.Equal(last, output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(exit, code);
    }

    [Fact]
    public void What_failed_crashed_and_skipped_is_named_with_its_reason()
    {
        string output = Sum(Good.Replace("Test run summary", "x", StringComparison.Ordinal) + Bad, 1).Output;
        Assert.Equal(
            ["crashed /a/Crash.dll: exit code 134", "failed Bad.T.Prints_a_summary: Assert.True() Failure", "skipped Good.T.Needs_shared: ../shared is absent"],
            output.TrimEnd('\n').Split('\n')[..^1]);
    }

    [Fact]
    public void The_ci_script_runs_the_test_script_and_nothing_else()
        => Assert.Equal("cd \"$(dirname \"$0\")/..\" && exec ./test.sh", Assert.Single(RepositoryFiles.Text(".ci/run").TrimEnd('\n').Split('\n')[1..]));

    private static (int Code, string Output) Sum(string log, int runExit)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["log"], log);
        File.WriteAllText(folder["log.exit"], $"{runExit}\n");
        return Script.Run(Repository.PathOf("test.sh"), ["--sum", folder["log"]]);
    }
}
