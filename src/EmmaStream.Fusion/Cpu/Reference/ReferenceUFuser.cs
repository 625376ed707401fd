using EmmaStream.Fusion.Weights;
using static EmmaStream.Fusion.Cpu.Reference.ReferenceOperations;

namespace EmmaStream.Fusion.Cpu.Reference;

/// <summary>
/// The U-Fuser of EMMA (Zhao et al., CVPR 2024) operation by operation, on plain planes: the specification that the fast engine is
/// tested against. Slow, no padding to legal sizes: height and width must be multiples of 8 and at least 16.
/// </summary>
/// <param name="weights">All 347 tensors of the network.</param>
/// <param name="watch">Receives every named activation, if given.</param>
internal sealed class ReferenceUFuser(WeightSet weights, Action<string, Planes>? watch = null)
{
    /// <summary>The fused luma in (0, 1) of an infrared and a visible luma [1, H, W] in [0, 1].</summary>
    public Planes Fuse(Planes infrared, Planes visible)
    {
        Planes i1 = Block("I_en_1", infrared);
        Planes i2 = Block("I_en_2", Down("I_down1", i1));
        Planes i3 = Block("I_en_3", Down("I_down2", i2));
        Planes i4 = Block("I_en_4", Down("I_down3", i3));

        Planes v1 = Block("V_en_1", visible);
        Planes v2 = Block("V_en_2", Down("V_down1", v1));
        Planes v3 = Block("V_en_3", Down("V_down2", v2));
        Planes v4 = Block("V_en_4", Down("V_down3", v3));

        Planes f1 = Block("f_1", Planes.Concat(i1, v1));
        Planes f2 = Block("f_2", Planes.Concat(i2, v2));
        Planes f3 = Block("f_3", Planes.Concat(i3, v3));
        Planes f4 = Block("f_4", Planes.Concat(i4, v4));

        Planes o = Up("up4", Block("de_4", f4));
        o = Up("up3", Block("de_3", Planes.Concat(o, f3)));
        o = Up("up2", Block("de_2", Planes.Concat(o, f2)));
        o = Block("de_1", Planes.Concat(o, f1));
        return Convolve(o, weights["last.0.weight"], weights["last.0.bias"], Border.Reflect).Map(z => (float)(1 / (1 + Math.Exp(-z))));
    }

    private Planes Block(string name, Planes x)
    {
        Planes e = Seen($"{name}.embed", Convolve(x, weights[$"{name}.embed.weight"], null, Border.Reflect));
        Planes g = Seen($"{name}.GlobalFeature", GlobalFeature($"{name}.GlobalFeature", e));
        Planes l = Seen($"{name}.LocalFeature", LocalFeature($"{name}.LocalFeature", e));
        return Seen(name, Convolve(Planes.Concat(g, l), weights[$"{name}.FFN.weight"], null, Border.Reflect));
    }

    private Planes GlobalFeature(string name, Planes e)
    {
        Planes n = Seen($"{name}.norm1", LayerNorm(e, weights[$"{name}.norm1.body.weight"], weights[$"{name}.norm1.body.bias"]));
        Planes qkv = Convolve(n, weights[$"{name}.attn.qkv1.weight"], null, Border.Zero);
        qkv = Convolve(qkv, weights[$"{name}.attn.qkv2.weight"], null, Border.Zero);
        Planes g = e + Convolve(Attend(qkv, weights[$"{name}.attn.scale"]), weights[$"{name}.attn.proj.weight"], null, Border.Zero);

        n = LayerNorm(g, weights[$"{name}.norm2.body.weight"], weights[$"{name}.norm2.body.bias"]);
        Planes y = Convolve(n, weights[$"{name}.mlp.project_in.weight"], null, Border.Reflect);
        y = Convolve(y, weights[$"{name}.mlp.dwconv.weight"], null, Border.Reflect, groups: e.Channels);
        Planes gated = y.Slice(0, e.Channels).Map(Gelu);
        for (int i = 0; i < gated.Values.Length; i++)
            gated.Values[i] *= y.Values[gated.Values.Length + i];
        return g + Convolve(gated, weights[$"{name}.mlp.project_out.weight"], null, Border.Reflect);
    }

    private Planes LocalFeature(string name, Planes l)
    {
        for (int n = 0; n < 2; n++)
        {
            string conv = $"{name}.Extraction.{n}.conv";
            Planes inner = Convolve(l, weights[$"{conv}.0.weight"], weights[$"{conv}.0.bias"], Border.Reflect).Map(a => Math.Max(a, 0));
            l = Seen($"{name}.Extraction.{n}", l + Convolve(inner, weights[$"{conv}.2.weight"], weights[$"{conv}.2.bias"], Border.Reflect));
        }
        return l;
    }

    private Planes Down(string name, Planes x) => Seen(name, Convolve(x, weights[$"{name}.weight"], null, Border.Reflect, stride: 2));

    private Planes Up(string name, Planes x) => Seen(name, ConvolveTransposed(x, weights[$"{name}.0.weight"]).Map(a => Math.Max(a, 0)));

    private Planes Seen(string name, Planes activation)
    {
        watch?.Invoke(name, activation);
        return activation;
    }
}
