using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;

namespace EmmaStream.Cli;

/// <summary>What the process returns (docs/CLI.md).</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Defect = 1;
    public const int Usage = 2;
    public const int Input = 3;
    public const int FailedUnderWay = 4;
    public const int Output = 5;
    public const int HungUp = 129;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The code of a fault before the first frame or result is written.</summary>
    public static int Of(Fault fault) => fault.Kind switch
    {
        FaultKind.Usage or FaultKind.Environment => Usage,
        FaultKind.Input => Input,
        FaultKind.Output => Output,
        _ => FailedUnderWay,
    };

    /// <summary>The code of a run.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="anythingWritten">Whether a frame was written before.</param>
    /// <param name="failedFrames">Whether frames failed though the run went on.</param>
    /// <param name="stopped">The code of the signal that stopped it.</param>
    public static int Of(StageOutcome outcome, bool anythingWritten, bool failedFrames, int stopped) => outcome.Kind switch
    {
        EndKind.Defect => Defect,
        EndKind.Failed when anythingWritten => FailedUnderWay,
        EndKind.Failed => outcome.Reason is Fault fault ? Of(fault) : FailedUnderWay,
        EndKind.Cancelled => stopped,
        _ => failedFrames ? FailedUnderWay : Done,
    };
}
