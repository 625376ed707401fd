using System.Diagnostics;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>Which of a child's pipes we use; its standard error is always read.</summary>
[Flags]
internal enum ChildPipes
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>We write its standard input.</summary>
    Input = 1,

    /// <summary>We read its standard output.</summary>
    Output = 2,
}

/// <summary>A program to run as a child, and how.</summary>
/// <param name="Launcher">
/// What starts it: setsid (a terminal's Ctrl-C must not reach it before it has drained) and setpriv (it must not outlive us), full paths.
/// </param>
/// <param name="Program">Full path.</param>
/// <param name="Arguments">One by one; never a command line.</param>
/// <param name="Pipes">The pipes that are used.</param>
internal sealed record ChildCommand(ChildLauncher Launcher, string Program, IReadOnlyList<string> Arguments, ChildPipes Pipes)
{
    /// <summary>The same for .NET. All three pipes are redirected always: a child with a terminal would change its settings.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        ProcessStartInfo start = new(Launcher.Setsid)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        foreach (string argument in (IEnumerable<string>)[Launcher.Setpriv, "--pdeathsig", "KILL", Program, .. Arguments])
            start.ArgumentList.Add(argument);
        return start;
    }
}

/// <summary>The two programs through which every child is started.</summary>
/// <param name="Setsid">Full path of setsid(1).</param>
/// <param name="Setpriv">Full path of setpriv(1).</param>
internal sealed record ChildLauncher(string Setsid, string Setpriv);
