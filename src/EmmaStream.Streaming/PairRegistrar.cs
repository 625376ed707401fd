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
    private readonly FrameSize? _output;

    private PairRegistrar(WarpMap? map, FrameScale scaler, FrameSize? output) => (_map, _scaler, _output) = (map, scaler, output);

    /// <summary>Prepares the maps.</summary>
    /// <param name="visible">What the visible source delivers.</param>
    /// <param name="infrared">What the infrared source delivers.</param>
    /// <param name="registration">The cameras' alignment; null: one geometry.</param>
    /// <param name="outputSize">Size of the fused picture; null: the registration's, else each visible picture's own.</param>
    /// <param name="pool">Lends pictures.</param>
    /// <param name="log">Told once when sizes differ without a registration.</param>
    /// <exception cref="Core.Faults.Fault">The registration was made for other sizes.</exception>
    public static PairRegistrar Create(
        SourceDescription visible, SourceDescription infrared, RegistrationFile? registration, FrameSize? outputSize, FramePool pool, ILogger log)
    {
        (FrameSize from, FrameSize master) = (infrared.Format.Size, visible.Format.Size);
        FrameScale scaler = new(pool);
        if (registration is null)
        {
            if (from != master)
                log.Information("No registration given: the infrared ({Infrared}) is resized to the visible ({Visible})", from, master);
            return new(null, scaler, outputSize);
        }
        registration.ThrowUnlessFits(from, master);
        FrameSize output = outputSize ?? registration.Output;
        return new(new WarpMap(Homography.Scale(master, output) * registration.InfraredToVisible, from, output, pool), scaler, output);
    }

    /// <summary>The registered pair, which the caller owns; <paramref name="pair"/> is used up.</summary>
    public FramePair Register(FramePair pair)
    {
        using (pair)
        {
            FrameSize size = _output ?? pair.Master.Size;
            return new FramePair
            {
                Master = _scaler.Apply(pair.Master, size),
                Partner = pair.Partner is not { } partner ? null : _map?.Apply(partner) ?? _scaler.Apply(partner, size),
                MasterRole = pair.MasterRole,
                Skew = pair.Skew,
                Reason = pair.Reason,
                Stream = pair.Stream,
                Coverage = pair.Partner is null ? null : _map?.Coverage?.Share(),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _map?.Dispose();
}
