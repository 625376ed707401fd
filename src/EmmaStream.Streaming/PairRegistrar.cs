using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sources;
using EmmaStream.Registration;
using EmmaStream.Registration.Files;
using EmmaStream.Registration.Warping;
using Serilog;

namespace EmmaStream.Streaming;

/// <summary>
/// Brings a pair to one geometry and size: the infrared through the registration's map, or resized where there is none; the visible resized
/// where the output has another size. What is already right is passed on as it is.
/// </summary>
public sealed class PairRegistrar : IDisposable
{
    private readonly WarpMap? _map;
    private readonly FrameScale _scaler;
    private readonly (FrameSize Infrared, FrameSize Visible) _mapped;
    private readonly FrameSize? _output;

    private PairRegistrar(WarpMap? map, FrameScale scaler, (FrameSize Infrared, FrameSize Visible) mapped, FrameSize? output) =>
        (_map, _scaler, _mapped, _output) = (map, scaler, mapped, output);

    /// <summary>Prepares the maps.</summary>
    /// <param name="visible">What the visible source delivers.</param>
    /// <param name="infrared">What the infrared source delivers.</param>
    /// <param name="registration">The cameras' alignment; null: one geometry.</param>
    /// <param name="outputSize">Size of the fused picture; null: the registration's, else each visible picture's own.</param>
    /// <param name="pool">Lends pictures.</param>
    /// <param name="log">Told once when sizes differ without a registration.</param>
    /// <exception cref="Fault">The registration was made for other sizes.</exception>
    public static PairRegistrar Create(
        SourceDescription visible, SourceDescription infrared, RegistrationFile? registration, FrameSize? outputSize, FramePool pool, ILogger log)
    {
        (FrameSize from, FrameSize master) = (infrared.Format.Size, visible.Format.Size);
        if (registration is null)
        {
            if (from != master)
                log.Information("No registration given: the infrared ({Infrared}) is resized to the visible ({Visible})", from, master);
            return new(null, new FrameScale(pool), default, outputSize);
        }
        registration.ThrowUnlessFits(from, master);
        FrameSize output = outputSize ?? registration.Output;
        WarpMap map = new(Homography.Scale(master, output) * registration.InfraredToVisible, from, output, pool);
        if (map.Coverage is { } coverage && !coverage.Plane(0).Bytes.ContainsAnyExcept((byte)0))
        {
            map.Dispose();
            throw Fault.Usage($"{registration.Path}: maps no pixel of the infrared into the picture. Make the file anew (docs/CLI.md says how)");
        }
        return new(map, new FrameScale(pool), (from, master), output);
    }

    /// <summary>Visible pictures so far that had another size than the output. Of the registering thread; for others after the run.</summary>
    public long ScaledVisible { get; private set; }

    /// <summary>The registered pair, which the caller owns; <paramref name="pair"/> is used up, unless this throws.</summary>
    /// <exception cref="Fault">A picture has another size than the registration was made for.</exception>
    public FramePair Register(FramePair pair)
    {
        FrameSize size = _output ?? pair.Master.Size;
        if (pair.Master.Size == size && (pair.Partner is null || (_map is null && pair.Partner.Size == size)))
            return pair;
        if (_map is not null)
        {
            RequireSize(pair.Master, _mapped.Visible);
            RequireSize(pair.Partner, _mapped.Infrared);
        }
        Frame? partner = pair.Partner is not { } infrared ? null : _map?.Apply(infrared) ?? _scaler.Apply(infrared, size);
        Frame master = pair.Master;
        if (master.Size != size)
        {
            master = _scaler.Apply(pair.Master, size);
            pair.Master.Dispose();
            ScaledVisible++;
        }
        // The master has a new owner, or is gone: only the rest of the old pair is ended.
        pair.Partner?.Dispose();
        return new FramePair
        {
            Master = master,
            Partner = partner,
            MasterRole = pair.MasterRole,
            Skew = pair.Skew,
            Reason = pair.Reason,
            Stream = pair.Stream,
            Coverage = partner is null ? null : _map?.Coverage?.Share(),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _map?.Dispose();
        _scaler.Dispose();
    }

    private static void RequireSize(Frame? frame, FrameSize size)
    {
        if (frame is not null && frame.Size != size)
            throw Fault.Input($"{frame.Stamp.Source}: picture {frame.Stamp.Sequence} is {frame.Size}, but the registration is for {size}. Leave it out, or fuse without a registration");
    }
}
