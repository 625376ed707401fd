using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// Keeps the activations of one frame as planes, named as the network's modules are, for tests. Where none is set the engine asks for
/// null once per unit of rows and that is all.
/// </summary>
internal sealed unsafe class ActivationProbe
{
    private readonly Dictionary<string, float[]> _activations = [];

    /// <summary>[C, H, W] by name.</summary>
    public IReadOnlyDictionary<string, float[]> Activations => _activations;

    /// <summary>Copies the rows of <paramref name="strips"/> that lie in the map.</summary>
    public void Rows(string block, string part, RowMap map, Strips strips)
        => Rows(part.Length == 0 ? block : $"{block}.{part}", map, strips.FirstRow, strips.EndRow(map.Layout.Height));

    /// <summary>Copies rows <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    public void Rows(string name, RowMap map, int first, int end)
    {
        ref readonly PhaseLayout layout = ref map.Layout;
        float[] planes;
        lock (_activations)
        {
            if (!_activations.TryGetValue(name, out planes!))
                _activations[name] = planes = new float[layout.Channels * layout.Height * layout.Width];
        }
        for (int y = first; y < end; y++)
            for (int c = 0; c < layout.Channels; c++)
                for (int x = 0; x < layout.Width; x++)
                    planes[(((c * layout.Height) + y) * layout.Width) + x] = map.Rows[y][(c * layout.ChannelStride) + layout.Pixel(x)];
    }
}
