using EmmaStream.Core.Frames;

namespace EmmaStream.Testing;

/// <summary>A frame pool for one test: disposing it fails the test, naming the holders, when a frame did not come home.</summary>
public sealed class LeakCheckedPool : IDisposable
{
    /// <summary>The pool to hand to the code under test.</summary>
    public FramePool Pool { get; } = new();

    /// <summary>Throws when frames are out.</summary>
    public void Dispose()
    {
        IReadOnlyList<string> holders = Pool.Holders();
        Pool.Dispose();
        if (holders.Count > 0)
            throw new InvalidOperationException($"{holders.Count} frame(s) did not come home: {string.Join("; ", holders.Take(5))}");
    }
}
