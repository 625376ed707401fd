namespace EmmaStream.Metrics;

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Pairs or frames measured or skipped.</param>
/// <param name="Total">All of them; null while a video's length is unknown.</param>
/// <param name="PerSecond">Pairs or frames a second since the start.</param>
/// <param name="Current">What was finished last.</param>
public readonly record struct EvaluationProgress(long Done, long? Total, double PerSecond, string Current);
