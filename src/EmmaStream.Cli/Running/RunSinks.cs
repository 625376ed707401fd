using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging.Layouts;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;

namespace EmmaStream.Cli.Running;

/// <summary>The outputs of a run with the layouts that they show. It ends what was begun if the run never starts.</summary>
internal sealed class RunSinks : IAsyncDisposable
{
    private readonly List<IFrameSink> _sinks = [];
    private readonly List<LayoutComposer> _composers = [];
    private bool _handedOver;

    /// <summary>Begins every output of the request.</summary>
    /// <exception cref="Core.Faults.Fault">One cannot be begun; the others are ended.</exception>
    public static async Task<RunSinks> CreateAsync(
        FuseRequest request, RationalTime frameRate, IReadOnlyList<string>? names, FramePool pool, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        RunSinks sinks = new();
        try
        {
            foreach (ExtraOutput output in request.Also.Prepend(new ExtraOutput(request.Layout, request.Output)))
                await sinks.AddAsync(output, request, frameRate, names, pool, ffmpeg, cancellationToken).ConfigureAwait(false);
            return sinks;
        }
        catch
        {
            await sinks.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The sinks, in the order of the request.</summary>
    public IReadOnlyList<IFrameSink> Sinks => _sinks;

    /// <summary>From here on the graph disposes the sinks.</summary>
    public void HandOver() => _handedOver = true;

    /// <summary>Whether a sink needs the fuser's own output.</summary>
    public bool NeedRaw => _sinks.Exists(s => s.NeedsRaw);

    /// <summary>Whether a sink can take pictures of one size only.</summary>
    public bool NeedOneSize => _sinks.Exists(s => s is VideoFileSink or NpySink);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_handedOver)
        {
            foreach (IFrameSink sink in _sinks)
                await sink.DisposeAsync().ConfigureAwait(false);
        }
        _composers.ForEach(c => c.Dispose());
    }

    private async Task AddAsync(
        ExtraOutput output, FuseRequest request, RationalTime frameRate, IReadOnlyList<string>? names, FramePool pool, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        LayoutComposer composer = new(output.Layout, pool);
        _composers.Add(composer);
        SinkOptions options = new()
        {
            Compose = composer.Compose,
            Encoder = request.Stream.Output.Encoder,
            Crf = request.Stream.Output.Crf,
            Preset = request.Stream.Output.Preset,
            FrameRate = frameRate,
        };
        if (names is not null)
            options = options with { PictureName = frame => names[(int)frame.Fused.Stamp.Sequence] };
        _sinks.Add(await FrameSinks.CreateAsync(output.Path, options, ffmpeg, cancellationToken).ConfigureAwait(false));
    }
}
