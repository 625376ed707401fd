using EmmaStream.Core.Faults;

namespace EmmaStream.Cli;

/// <summary>
/// Standard output whose failures are faults of an output, and standard error whose failures are nobody's: there is no place left to tell them.
/// A closed pipe is no failure: who closed it has read enough.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Makes <see cref="Console"/> write through them.</summary>
    public static void Install()
    {
        Console.SetOut(new StreamWriter(OpenOutput(), Console.OutputEncoding) { AutoFlush = true });
        Console.SetError(new StreamWriter(new Guarded(Console.OpenStandardError(), _ => null), Console.OutputEncoding) { AutoFlush = true });
    }

    /// <summary>Standard output as bytes.</summary>
    public static Stream OpenOutput() => new Guarded(
        Console.OpenStandardOutput(),
        e => Fault.Output($"standard output cannot be written ({(e.InnerException ?? e).Message.ReplaceLineEndings(" ").TrimEnd('.')}). Send it elsewhere, or free some space", e));

    private sealed class Guarded(Stream inner, Func<Exception, Fault?> tell) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                inner.Write(buffer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)   // the latter when it is closed
            {
                if (tell(e) is { } fault)
                    throw fault;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
