using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Sources;

/// <summary>
/// Picture files in order: one, a folder of them, or a list made by <see cref="PairedFolders"/>. They have no times, so picture n gets
/// n / rate seconds; a frame's sequence number is its place in the list even where the reading starts later. Sizes and formats may differ from picture to picture;
/// the description tells the first one's.
/// </summary>
public sealed class ImageSource : IFrameSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly FramePool _pool;
    private readonly RationalTime _timeBase;
    private readonly int _end;
    private readonly BlockingThread _thread = new("image reader");
    private readonly Func<bool> _readNext;

    // Handed from the thread to the reader.
    private Frame? _frame;
    private int _next;

    private ImageSource(string name, IReadOnlyList<string> files, SourceOptions options, FramePool pool)
    {
        _files = files;
        _pool = pool;
        _timeBase = new RationalTime(options.ImageRate.Denominator, options.ImageRate.Numerator);
        _next = FirstAtOrAfter(options.Start);
        _end = options.Duration is { } duration ? FirstAtOrAfter(options.Start + duration) : files.Count;
        _readNext = ReadNext;
        Description = new SourceDescription(name, default, options.ImageRate, _end - _next, "");
    }

    /// <inheritdoc/>
    public SourceDescription Description { get; private set; }

    /// <summary>Opens the pictures directly inside a folder, in the order of their names, numbers by value; other files are left aside.</summary>
    /// <exception cref="Fault">The folder is missing, unreadable or holds no picture, or its first picture is damaged.</exception>
    public static async Task<ImageSource> OpenFolderAsync(string folder, SourceOptions options, FramePool pool, CancellationToken cancellationToken)
    {
        List<string> files = PictureFiles.In(folder, SearchOption.TopDirectoryOnly);
        return files.Count > 0
            ? await OpenAsync(folder, files, options, pool, cancellationToken).ConfigureAwait(false)
            : throw Fault.Input($"{folder}: no picture in this folder. It needs files that end with {string.Join(' ', StillImage.Extensions)}");
    }

    /// <summary>Opens the pictures named, in the order given.</summary>
    /// <param name="name">What the source is called.</param>
    /// <param name="files">At least one path.</param>
    /// <param name="options">Rate and part.</param>
    /// <param name="pool">Lends the frames.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="Fault">The first picture is missing or damaged.</exception>
    public static async Task<ImageSource> OpenAsync(
        string name, IReadOnlyList<string> files, SourceOptions options, FramePool pool, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        ImageSource source = new(name, files, options, pool);
        try
        {
            await source.DescribeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return source;
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="Fault">A picture is missing or damaged; the next call goes on with the picture after it.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_next >= _end)
            return null;
        await _thread.RunAsync(_readNext).ConfigureAwait(false);
        return Interlocked.Exchange(ref _frame, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _frame, null)?.Dispose();
    }

    private async Task DescribeAsync()
    {
        int first = Math.Min(_next, _files.Count - 1);
        await _thread.RunAsync(() => { _frame = StillImage.Read(_files[first], _pool, StampOf(first)); return true; }).ConfigureAwait(false);
        using Frame frame = Interlocked.Exchange(ref _frame, null)!;
        string detail = _files.Count == 1 ? "one picture" : $"{_files.Count} pictures at {Description.FrameRate} a second";
        Description = Description with { Format = frame.Format, Detail = detail };
    }

    // On the thread.
    private bool ReadNext()
    {
        int index = _next++;
        _frame = StillImage.Read(_files[index], _pool, StampOf(index));
        return true;
    }

    private FrameStamp StampOf(int index)
    {
        Timestamp time = _timeBase.ToTimestamp(index);
        return new FrameStamp(time, RationalTime.Video.ToTicks(time), index, Description.Name);
    }

    private int FirstAtOrAfter(TimeSpan time)
    {
        double index = Math.Ceiling(time.TotalSeconds / _timeBase.Value - 1e-6);
        return (int)Math.Clamp(index, 0, _files.Count);
    }
}
