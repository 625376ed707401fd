namespace EmmaStream.Training.Data;

/// <summary>Patches that go into one step, in memory that is filled again and again.</summary>
/// <param name="count">Patches, N.</param>
/// <param name="side">Width and height of each, pixels.</param>
public sealed class PatchBatch(int count, int side)
{
    /// <summary>Patches, N.</summary>
    public int Count { get; } = count;

    /// <summary>Width and height of each, pixels.</summary>
    public int Side { get; } = side;

    /// <summary>[N, 1, side, side] in [0, 1].</summary>
    public float[] Infrared { get; } = new float[count * side * side];

    /// <summary>The same places of the visible pictures.</summary>
    public float[] Visible { get; } = new float[count * side * side];

    /// <summary>The same places of the targets; zero where pairs have none.</summary>
    public float[] Target { get; } = new float[count * side * side];

    /// <summary>The same places of what another method made of the pair, where <see cref="HasPublished"/>.</summary>
    public float[] Published { get; } = new float[count * side * side];

    /// <summary>Which patches have one.</summary>
    public bool[] HasPublished { get; } = new bool[count];
}
