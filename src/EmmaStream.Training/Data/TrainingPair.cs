namespace EmmaStream.Training.Data;

/// <summary>A registered pair in memory, 8 bit, full range, row by row without gaps.</summary>
/// <param name="Name">The file's name without extension, or the video's with the frame number.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Infrared">Infrared luma, width x height.</param>
/// <param name="Visible">Visible luma, width x height.</param>
public sealed record TrainingPair(string Name, int Width, int Height, byte[] Infrared, byte[] Visible)
{
    /// <summary>The picture that the warm-up learns to make, in [0, 1]; null where none was asked for.</summary>
    public float[]? Target { get; set; }

    /// <summary>What other methods made of the pair, each width x height, 8 bit.</summary>
    public IReadOnlyList<byte[]> Published { get; set; } = [];
}
