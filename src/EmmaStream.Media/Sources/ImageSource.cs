using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Sources;

/// <summary>
/// Picture files in order: one, a folder of them, or a list made by <see cref="PairedFolders"/>. They have no times, so picture n gets
/// n / rate seconds; a frame's sequence number is its place in the list even where the reading starts later. Sizes and formats may differ from picture to picture;
/// the description tells the first one's. Of several pictures, one that cannot be read is left out and remembered; a folder or disk that fails is a fault.
/// </summary>
public sealed class ImageSource : IFrameSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly FramePool _pool;
    private readonly SourceOptions _options;
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
        _options = options;
        _pool = pool;
        _timeBase = new RationalTime(options.ImageRate.Denominator, options.ImageRate.Numerator);
        _next = FirstAtOrAfter(options.Start);
        _end = options.Duration is { } duration ? FirstAtOrAfter(options.Start + duration) : files.Count;
        _readNext = ReadNext;
        Description = new SourceDescription(name, default, options.ImageRate, _end - _next, "");
    }

    /// <inheritdoc/>
    public SourceDescription Description { get; private set; }

    /// <inheritdoc/>
    public SkippedPictures Skipped { get; } = new();

    /// <summary>Opens the pictures directly inside a folder, in the order of their names, numbers by value; other files are left aside.</summary>
    /// <exception cref="Fault">The folder is missing, unreadable or holds no picture that can be read, or none in the part asked for.</exception>
    public static async Task<ImageSource> OpenFolderAsync(string folder, SourceOptions options, FramePool pool, CancellationToken cancellationToken)
    {
        List<string> files = PictureFiles.In(folder, SearchOption.TopDirectoryOnly);
        return files.Count > 0
            ? await OpenAsync(folder, files, options, pool, cancellationToken).ConfigureAwait(false)
            : throw PictureFiles.NoneIn(folder);
    }

    /// <summary>Opens the pictures named, in the order given.</summary>
    /// <param name="name">What the source is called.</param>
    /// <param name="files">At least one path.</param>
    /// <param name="options">Rate and part.</param>
    /// <param name="pool">Lends the frames.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="Fault">None can be read, or none is in the part asked for.</exception>
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
    /// <exception cref="Fault">The only picture is missing or damaged, or the folder or disk fails.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_next < _end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await _thread.RunAsync(_readNext).ConfigureAwait(false))
                return Interlocked.Exchange(ref _frame, null);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _frame, null)?.Dispose();
    }

    private async Task DescribeAsync()
    {
        if (_next == _end && !_options.MayBeEmpty)
            throw _options.EmptyPart(Description.Name, TimeSpan.FromSeconds(_files.Count * _timeBase.Value));
        bool found = await _thread.RunAsync(ReadAny).ConfigureAwait(false);
        if (!found)
            throw Fault.Input($"{Description.Name}: none of {Skipped.Count} pictures can be read. The first: {Skipped.Causes[0]}");
        using Frame frame = Interlocked.Exchange(ref _frame, null)!;
        string detail = _files.Count == 1 ? "one picture" : $"{_files.Count} pictures at {Description.FrameRate} a second";
        Description = Description with { Format = frame.Format, Detail = detail };
    }

    // On the thread: the first picture of the part that can be read, or of all where the part is empty.
    private bool ReadAny()
    {
        bool isEmpty = _next == _end;
        for (int i = isEmpty ? 0 : _next; i < (isEmpty ? _files.Count : _end); i++)
        {
            if (TryRead(i))
                return true;
        }
        return false;
    }

    // On the thread. False: this one was left out.
    private bool ReadNext() => TryRead(_next++);

    private bool TryRead(int index)
    {
        try
        {
            _frame = StillImage.Read(_files[index], _pool, StampOf(index));
            return true;
        }
        catch (Fault fault) when (_files.Count > 1 && IsOfThisPicture(fault, _files[index]))
        {
            Skipped.Add(index, fault);
            return false;
        }
    }

    // A file that is damaged, closed to us or gone is that picture's fault; a folder that is gone or a disk that fails to read is the source's.
    private static bool IsOfThisPicture(Fault fault, string file) => fault.InnerException switch
    {
        null or UnauthorizedAccessException => true,
        FileNotFoundException => Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))),
        _ => false,
    };

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
