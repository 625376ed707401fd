namespace EmmaStream.Media.TestPattern.Street;

/// <summary>Numbers that look random and depend only on what is asked, with integers alone: the same on every machine.</summary>
internal static class Hash
{
    /// <summary>32 well mixed bits of three numbers.</summary>
    internal static uint Of(int seed, int a, int b = 0)
    {
        uint h = (uint)seed * 0x9E3779B1u ^ (uint)a * 0x85EBCA77u ^ (uint)b * 0xC2B2AE3Du;
        h = (h ^ h >> 15) * 0x2C1B3C6Du;
        h = (h ^ h >> 12) * 0x297A2D39u;
        return h ^ h >> 15;
    }

    /// <summary>The same in [0, 1).</summary>
    internal static double Unit(int seed, int a, int b = 0) => Of(seed, a, b) / 4294967296.0;
}
