using System.Buffers.Binary;

namespace EmmaStream.Fusion.Weights;

/// <summary>How one value of a stored tensor is written; all little-endian.</summary>
internal enum ElementType
{
    Float32,
    Float64,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

/// <summary>Sizes of the element types and their conversion to float32.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one value.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Float64 or ElementType.Int64 => 8,
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 => 2,
        _ => 1,
    };

    /// <summary>Value <paramref name="index"/> of <paramref name="bytes"/> as float32, rounded to nearest where it does not fit.</summary>
    public static float Read(this ElementType type, ReadOnlySpan<byte> bytes, long index)
    {
        ReadOnlySpan<byte> at = bytes.Slice(checked((int)(index * type.Size())), type.Size());
        return type switch
        {
            ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
            ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
            ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
            ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            ElementType.Int8 => (sbyte)at[0],
            _ => at[0],
        };
    }
}
