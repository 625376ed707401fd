namespace EmmaStream.Configuration;

/// <summary>One thing that is wrong in a configuration file, at the place where its user can put it right.</summary>
/// <param name="Origin">The file, as it was named.</param>
/// <param name="Line">Line in it, from 1; 0 where no line can be named (the file cannot be read).</param>
/// <param name="Path">The option, such as <c>streams.hall.pairing.maxSkew</c>; empty for the file as a whole.</param>
/// <param name="Message">One sentence that begins with the path, where there is one. It never holds a value that came through <c>${}</c>.</param>
public sealed record ConfigurationProblem(string Origin, int Line, string Path, string Message)
{
    /// <summary>The line for the user: <c>ORIGIN:LINE: MESSAGE</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Origin}:{Line}: {Message}" : $"{Origin}: {Message}";
}
