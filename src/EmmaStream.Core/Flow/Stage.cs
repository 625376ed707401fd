using EmmaStream.Core.Faults;

namespace EmmaStream.Core.Flow;

/// <summary>
/// One box of the graph: a loop that owns what it reads until it writes it on. <see cref="RunAsync"/> turns every way to end into one named
/// outcome and always ends the links on both sides, with the reason, so that its neighbours end too.
/// </summary>
/// <param name="name">For outcomes, logs and stats.</param>
public abstract class Stage(string name)
{
    /// <summary>The stage's name.</summary>
    public string Name { get; } = name;

    /// <summary>Runs the loop to its end. Never throws: what went wrong is in the outcome.</summary>
    public async Task<StageOutcome> RunAsync(CancellationToken cancellationToken)
    {
        Exception? reason = null;
        try
        {
            await Task.Yield();
            reason = await LoopAsync(cancellationToken).ConfigureAwait(false);
            return new StageOutcome(Name, reason is null ? EndKind.Completed : EndKind.Failed, reason, PassedOn: reason is not null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new StageOutcome(Name, EndKind.Cancelled);
        }
        catch (Exception e) when (e is Fault or IOException)
        {
            reason = e;
            return new StageOutcome(Name, EndKind.Failed, e);
        }
        catch (Exception e)
        {
            reason = e;
            return new StageOutcome(Name, EndKind.Defect, e);
        }
        finally
        {
            await EndLinksAsync(reason).ConfigureAwait(false);
        }
    }

    /// <summary>The work. Returns null when all was done, or the reason that a neighbour gave for ending early.</summary>
    protected abstract Task<Exception?> LoopAsync(CancellationToken cancellationToken);

    /// <summary>Completes the links it writes and closes those it reads, with <paramref name="reason"/>. Called once, last.</summary>
    protected abstract ValueTask EndLinksAsync(Exception? reason);
}
