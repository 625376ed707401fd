using System.Text;
using System.Text.RegularExpressions;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>
/// Reads a child's standard error to its end on a thread of its own (unread, it would stop the child after 64 KiB) and keeps the last
/// lines, each cut to a bounded length and with the password of any URL masked.
/// </summary>
internal sealed partial class StderrTail
{
    /// <summary>How many lines are kept.</summary>
    public const int LineLimit = 50;

    private const int LineBytes = 1000;

    private readonly Stream _stream;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Under the gate.
    private readonly Queue<string> _lines = new();
    private long _count;

    // Owned by the thread.
    private readonly byte[] _line = new byte[LineBytes];
    private int _length;

    /// <summary>Starts to read.</summary>
    public StderrTail(Stream stream)
    {
        _stream = stream;
        Thread thread = new(Drain, 256 * 1024) { IsBackground = true, Name = "ffmpeg stderr" };
        thread.Start();
    }

    /// <summary>Completes when the child closed its standard error.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Number of lines so far, those not kept included.</summary>
    public long LineCount { get { lock (_gate) return _count; } }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines { get { lock (_gate) return [.. _lines]; } }

    /// <summary>Replaces user and password of every URL in <paramref name="line"/> by stars, and leaves out where in memory ffmpeg's parts lie.</summary>
    public static string Mask(string line) => Address().Replace(UserInfo().Replace(line, "//***@"), "]");

    private void Drain()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (_stream.Read(buffer) is > 0 and int read)
                Take(buffer.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe went away with the child: what was read is all there is.
        }
        EndLine();
        _ended.SetResult();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b is (byte)'\n' or (byte)'\r')
                EndLine();
            else if (_length < LineBytes)
                _line[_length++] = b;
        }
    }

    private void EndLine()
    {
        string line = Mask(Encoding.UTF8.GetString(_line, 0, _length).Trim());
        _length = 0;
        if (line.Length == 0)
            return;
        lock (_gate)
        {
            _count++;
            _lines.Enqueue(line);
            if (_lines.Count > LineLimit)
                _lines.Dequeue();
        }
    }

    // [libx264 @ 0x55d0c1]
    [GeneratedRegex(@" @ 0x[0-9a-f]+\]")]
    private static partial Regex Address();

    // Up to the last @ of the authority: a password may hold an unescaped one.
    [GeneratedRegex(@"//[^/\s]*@")]
    private static partial Regex UserInfo();
}
