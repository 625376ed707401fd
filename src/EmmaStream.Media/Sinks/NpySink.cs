using System.Text;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;

namespace EmmaStream.Media.Sinks;

/// <summary>
/// Writes the fuser's own output as a NumPy array (format version 1.0): float32, little-endian, C order, [N, 1, H, W], N = fused pairs.
/// Frames that were not fused are left out.
/// </summary>
public sealed class NpySink : IFrameSink
{
    // Enough for any N, H and W; the format wants the samples to begin at a multiple of 64.
    private const int HeaderBytes = 128;

    private readonly PendingOutput _output;
    private readonly FileStream _file;
    private FrameSize? _size;
    private long _count;

    /// <summary>Begins the file.</summary>
    /// <exception cref="Fault">The folder cannot be written.</exception>
    public NpySink(string path)
    {
        _output = PendingOutput.File(path);
        _file = new FileStream(_output.TemporaryPath, FileMode.Open, FileAccess.Write);
    }

    /// <inheritdoc/>
    public string Name => _output.FinalPath;

    /// <inheritdoc/>
    public bool NeedsRaw => true;

    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        if (!frame.IsFused)
            return ValueTask.FromResult(false);
        if (frame.Raw is not { Format.Pixels: PixelFormat.GrayF32 } raw)
            throw new ArgumentException("a fused frame for .npy carries its raw output as grayf32", nameof(frame));
        _size ??= raw.Size;
        if (raw.Size != _size)
            throw Fault.Output($"{Name}: frame {_count} is {raw.Size}, those before it {_size}, and an array has one size. Write pictures of unlike sizes one by one");
        try
        {
            if (_count == 0)
                _file.Write(Header(0, raw.Size));
            _file.Write(raw.Bytes);
        }
        catch (IOException e)
        {
            throw _output.Failed(e);
        }
        _count++;
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask<string?> CompleteAsync(SinkEnding ending)
    {
        if (_count == 0)
        {
            _file.Dispose();
            _output.Discard();
            return ValueTask.FromResult<string?>(null);
        }
        try
        {
            // A write that failed in its middle leaves a piece of a frame behind.
            _file.SetLength(HeaderBytes + _count * _size!.Value.Area * sizeof(float));
            _file.Position = 0;
            _file.Write(Header(_count, _size.Value));
            _file.Dispose();
        }
        catch (IOException e)
        {
            throw _output.Failed(e);
        }
        return ValueTask.FromResult<string?>(_output.Publish(ending));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What could not be flushed is discarded anyway.
        }
        _output.Discard();
        return ValueTask.CompletedTask;
    }

    private static byte[] Header(long count, FrameSize size)
    {
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, 1, {size.Height}, {size.Width}), }}";
        byte[] magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, HeaderBytes - 10, 0];
        return [.. magic, .. Encoding.ASCII.GetBytes(text.PadRight(HeaderBytes - 11) + "\n")];
    }
}
