using EmmaStream.Training.Data;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Phases;

/// <summary>What every phase of a run works with.</summary>
/// <param name="Options">The configuration.</param>
/// <param name="Networks">The networks.</param>
/// <param name="Sampler">Where patches come from.</param>
internal sealed record TrainingContext(TrainingOptions Options, NetworkSet Networks, PatchSampler Sampler);
