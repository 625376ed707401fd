namespace EmmaStream.Media.Ffmpeg;

/// <summary>What is known of the ffmpeg of this machine after it was asked once.</summary>
/// <param name="Ffmpeg">Full path of ffmpeg.</param>
/// <param name="Ffprobe">Full path of ffprobe.</param>
/// <param name="Version">As ffmpeg prints it, like "5.1.9-0+deb12u1" or a git revision.</param>
/// <param name="Encoders">Names of its video encoders; "libx264" is always among them.</param>
/// <param name="InputProtocols">Names of the protocols that it can read from, like "file", "rtsp", "tls".</param>
public sealed record FfmpegFacts(
    string Ffmpeg, string Ffprobe, string Version, IReadOnlySet<string> Encoders, IReadOnlySet<string> InputProtocols);
