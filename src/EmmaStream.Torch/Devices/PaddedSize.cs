using EmmaStream.Fusion;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Torch.Devices;

/// <summary>The size at which the network sees a picture: the next multiples of 8, at least 16, filled to the right and below by reflection.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct PaddedSize(int Width, int Height)
{
    /// <summary>Samples of one picture.</summary>
    public int Samples => checked(Width * Height);

    /// <summary>The size for pictures of the given one.</summary>
    public static PaddedSize Of(int width, int height) => new(Padded(width), Padded(height));

    /// <summary>Copies a picture to the upper left and reflects it at its last column and row; these are not repeated.</summary>
    public void Fill(LumaPlane source, Span<float> destination)
    {
        for (int y = 0; y < Height; y++)
        {
            Span<float> row = destination.Slice(y * Width, Width);
            source.Row(Reflected(y, source.Height)).CopyTo(row);
            for (int x = source.Width; x < Width; x++)
                row[x] = row[Reflected(x, source.Width)];
        }
    }

    /// <summary>Copies the upper left part.</summary>
    public void Crop(ReadOnlySpan<float> source, LumaPlane destination)
    {
        for (int y = 0; y < destination.Height; y++)
            source.Slice(y * Width, destination.Width).CopyTo(destination.Row(y));
    }

    private static int Padded(int extent) =>
        Math.Max(UFuserSchema.SmallestSize, (extent + UFuserSchema.SizeStep - 1) / UFuserSchema.SizeStep * UFuserSchema.SizeStep);

    private static int Reflected(int at, int extent) => at < extent ? at : 2 * (extent - 1) - at;
}
