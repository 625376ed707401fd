namespace EmmaStream.Core.Faults;

/// <summary>What a fault concerns; with the moment it happens this decides the exit code (docs/CLI.md).</summary>
public enum FaultKind
{
    /// <summary>Usage, options, configuration, registration.json.</summary>
    Usage,

    /// <summary>The machine lacks something: ffmpeg, libtorch, a device.</summary>
    Environment,

    /// <summary>An input or a weights file cannot be opened or read.</summary>
    Input,

    /// <summary>An output cannot be written.</summary>
    Output,

    /// <summary>A frame could not be fused.</summary>
    Fusion,
}

/// <summary>
/// Something went wrong that is not our defect. The message is the one line for the user: it names the thing, the cause and the cure.
/// Causes with values of their own derive from it.
/// </summary>
/// <param name="kind">What it concerns.</param>
/// <param name="message">One line: what, why, what to do.</param>
/// <param name="inner">What was caught, if anything.</param>
public class Fault(FaultKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the fault concerns.</summary>
    public FaultKind Kind { get; } = kind;

    /// <summary>A fault of usage or configuration.</summary>
    public static Fault Usage(string message) => new(FaultKind.Usage, message);

    /// <summary>A fault of the machine: a program, library or device that is absent.</summary>
    public static Fault Environment(string message, Exception? inner = null) => new(FaultKind.Environment, message, inner);

    /// <summary>A fault of an input.</summary>
    public static Fault Input(string message, Exception? inner = null) => new(FaultKind.Input, message, inner);

    /// <summary>A fault of an output.</summary>
    public static Fault Output(string message, Exception? inner = null) => new(FaultKind.Output, message, inner);
}
