namespace EmmaStream.Cli.Benching;

/// <summary>What was measured of one case. Figures that mean nothing for it are null.</summary>
/// <param name="Fuser">Method, engine and instruction set.</param>
/// <param name="Engine">Engine, or the method where it has no network, as on the command line.</param>
/// <param name="Threads">Processor threads of the network.</param>
/// <param name="Size">Picture size.</param>
/// <param name="Scale">Size at which the network ran.</param>
/// <param name="Batch">Pairs a call.</param>
/// <param name="MedianMs">Median time a pair, ms.</param>
/// <param name="P95Ms">95th percentile, ms.</param>
/// <param name="FramesPerSecond">1000 / median.</param>
/// <param name="Ratio">Median of libtorch op by op of the same size and threads in the same run, by this one.</param>
/// <param name="GflopsPerSecond">Operations of the direct form by the median, GFLOP/s; at full size only.</param>
/// <param name="PeakShare">That by the multiply-add peak of as many cores as threads.</param>
/// <param name="AllocatedBytes">Managed memory allocated a pair.</param>
/// <param name="Calls">Calls that the figures are of.</param>
internal sealed record FuserRow(
    string Fuser, string Engine, int? Threads, string Size, string Scale, int Batch, double MedianMs, double P95Ms, double FramesPerSecond,
    double? Ratio, double? GflopsPerSecond, double? PeakShare, long AllocatedBytes, int Calls);

/// <summary>What one part of the network takes, in our engine on one thread.</summary>
/// <param name="Size">Picture size.</param>
/// <param name="Layer">Its name in the weights; infrared and visible: the pictures' way in; frame: all of it.</param>
/// <param name="MedianMs">Median time, ms.</param>
/// <param name="Share">That by the frame's.</param>
internal sealed record LayerRow(string Size, string Layer, double MedianMs, double Share);

/// <summary>A whole run.</summary>
/// <param name="Rows">The cases, in the order asked for.</param>
/// <param name="Layers">Parts of the network, if asked for.</param>
/// <param name="PeakGflopsPerSecond">The most that one core's multiply-add units did in this run.</param>
/// <param name="Rounds">How often each case had its turn.</param>
internal sealed record FuserResult(IReadOnlyList<FuserRow> Rows, IReadOnlyList<LayerRow> Layers, double PeakGflopsPerSecond, int Rounds);
