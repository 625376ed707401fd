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
    private readonly FrameSize _infrared;
    private readonly FrameSize? _output;

    private PairRegistrar(WarpMap? map, FrameScale scaler, FrameSize infrared, FrameSize? output) =>
        (_map, _scaler, _infrared, _output) = (map, scaler, infrared, output);

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
        FrameScale scaler = new(pool);
        if (registration is null)
        {
            if (from != master)
                log.Information("No registration given: the infrared ({Infrared}) is resized to the visible ({Visible})", from, master);
            return new(null, scaler, from, outputSize);
        }
        registration.ThrowUnlessFits(from, master);
        FrameSize output = outputSize ?? registration.Output;
        return new(new WarpMap(Homography.Scale(master, output) * registration.InfraredToVisible, from, output, pool), scaler, from, output);
    }

    /// <summary>The registered pair, which the caller owns; <paramref name="pair"/> is used up, unless this throws.</summary>
    /// <exception cref="Fault">The infrared picture has another size than the registration was made for.</exception>
    public FramePair Register(FramePair pair)
    {
        FrameSize size = _output ?? pair.Master.Size;
        if (pair.Master.Size == size && (pair.Partner is null || (_map is null && pair.Partner.Size == size)))
            return pair;
        if (_map is not null && pair.Partner is { } unlike && unlike.Size != _infrared)
            throw Fault.Input($"{unlike.Stamp.Source}: picture {unlike.Stamp.Sequence} is {unlike.Size}, but the registration is for {_infrared}. Leave it out, or fuse without --registration");
        Frame? partner = pair.Partner is not { } infrared ? null : _map?.Apply(infrared) ?? _scaler.Apply(infrared, size);
        using (pair)
        {
            return new FramePair
            {
                Master = _scaler.Apply(pair.Master, size),
                Partner = partner,
                MasterRole = pair.MasterRole,
                Skew = pair.Skew,
                Reason = pair.Reason,
                Stream = pair.Stream,
                Coverage = partner is null ? null : _map?.Coverage?.Share(),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _map?.Dispose();
}
