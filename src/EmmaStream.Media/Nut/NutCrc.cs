namespace EmmaStream.Media.Nut;

/// <summary>NUT's checksum: CRC-32, polynomial 04C11DB7, start 0, not reflected, no final inversion.</summary>
internal static class NutCrc
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum after one more byte.</summary>
    public static uint Add(uint crc, byte value) => (crc << 8) ^ Table[(crc >> 24) ^ value];

    /// <summary>The checksum after more bytes.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            crc = Add(crc, b);
        return crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i << 24;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
            table[i] = crc;
        }
        return table;
    }
}
