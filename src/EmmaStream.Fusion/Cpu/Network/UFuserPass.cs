using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// The U-Fuser bound to memory for one picture size: one frame at a time passes through it. <see cref="Forward"/> is the network as its
/// specification has it; everything else is plumbing.
/// </summary>
internal sealed unsafe class UFuserPass<TKernels> : IDisposable
    where TKernels : struct, IKernels
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<FollowingLayer<TKernels>> _following = [];
    private readonly float* _zeroRow;
    private readonly NativeFloats _memory;
    private readonly PictureIn<TKernels> _infrared, _visible;
    private readonly BlockLayer<TKernels>[] _infraredEncoder, _visibleEncoder, _fusion, _decoder;
    private readonly Layer<TKernels>[] _infraredDown, _visibleDown, _up;
    private readonly PictureOut<TKernels> _last;

    /// <param name="filters">The weights; outlive the pass.</param>
    /// <param name="layouts">The size.</param>
    /// <param name="zeroRow">A row of zeros as long as the largest; outlives the pass.</param>
    public UFuserPass(UFuserFilters filters, NetworkLayouts layouts, float* zeroRow)
    {
        _zeroRow = zeroRow;
        _memory = new NativeFloats(Floats(layouts));
        _owned.Add(_memory);
        FeatureMap ir = Map(layouts.Picture), vi = Map(layouts.Picture);
        _infrared = new("infrared", ir);
        _visible = new("visible", vi);
        _infraredEncoder = new BlockLayer<TKernels>[4];
        _visibleEncoder = new BlockLayer<TKernels>[4];
        _infraredDown = new Layer<TKernels>[3];
        _visibleDown = new Layer<TKernels>[3];
        _fusion = new BlockLayer<TKernels>[4];
        _decoder = new BlockLayer<TKernels>[4];
        _up = new Layer<TKernels>[3];

        var fused = new FeatureMap[4];
        var encoded = new (FeatureMap Infrared, FeatureMap Visible)[4];
        var embedded = new FeatureMap?[4];
        for (int level = 1; level <= 4; level++)
        {
            int n = level - 1;
            PhaseLayout layout = layouts.Levels[n];
            (FeatureMap i, FeatureMap v) = encoded[n] = (Map(layout), Map(layout));
            fused[n] = Map(layout);
            embedded[n] = level == 1 ? null : Map(layout);
            _infraredEncoder[n] = Block(filters.InfraredEncoder[n], level, ir, null, embedded[n], i);
            // The visible's embedded feature waits where the fused one will be.
            _visibleEncoder[n] = Block(filters.VisibleEncoder[n], level, vi, null, level == 1 ? null : fused[n], v);
            _fusion[n] = Block(filters.Fusion[n], level, i, v, embedded[n], fused[n]);
            if (level == 4)
                break;
            PhaseLayout below = layouts.Levels[level].With(layout.Channels);
            (ir, vi) = (Map(below), Map(below));
            _infraredDown[n] = Following(_infraredEncoder[n], new DownLayer<TKernels>($"I_down{level}", filters.InfraredDown[n], i, ir));
            _visibleDown[n] = Following(_visibleEncoder[n], new DownLayer<TKernels>($"V_down{level}", filters.VisibleDown[n], v, vi));
        }

        // The encoders' features are done with once fused: the decoder works in their memory.
        FeatureMap o = Reuse(encoded[3].Visible, Border.Zero);
        _decoder[3] = Block(filters.Decoder[3], 4, fused[3], null, embedded[3], o);
        for (int level = 3; level >= 1; level--)
        {
            int n = level - 1;
            FeatureMap up = encoded[n].Infrared, decoded = Reuse(encoded[n].Visible, level == 1 ? Border.Reflect : Border.Zero);
            _up[n] = new UpLayer<TKernels>($"up{level + 1}", filters.Up[n], o, up);
            _decoder[n] = Block(filters.Decoder[n], level, up, fused[n], embedded[n], decoded);
            o = decoded;
        }
        _last = Following(_decoder[0], new PictureOut<TKernels>("last", filters.Last, filters.LastBias, o));
    }

    /// <summary>Fuses one pair of pictures no larger than the layouts.</summary>
    /// <exception cref="Fault">A sample is NaN or infinite.</exception>
    public void Forward(Crew<TKernels> crew, LumaPlane infrared, LumaPlane visible, LumaPlane fused)
    {
        (_infrared.Picture, _visible.Picture, _last.Picture) = (infrared, visible, fused);
        foreach (FollowingLayer<TKernels> layer in _following)
            layer.Restart();
        crew.Run(_infrared, _visible);
        bool infraredFlaw = _infrared.TakeFlaw(), visibleFlaw = _visible.TakeFlaw();
        RefuseFlaw(_infrared, infraredFlaw);
        RefuseFlaw(_visible, visibleFlaw);

        Encode(crew);
        Fuse(crew);
        Decode(crew);
    }

    /// <summary>i1 = I_en_1(ir), i2 = I_en_2(I_down1(i1)), ...; the same for v.</summary>
    private void Encode(Crew<TKernels> crew)
    {
        crew.Run(_infraredEncoder[0], _visibleEncoder[0]);
        crew.Run(_infraredDown[0], _visibleDown[0]);
        crew.Run(_infraredEncoder[1], _visibleEncoder[1]);
        crew.Run(_infraredDown[1], _visibleDown[1]);
        crew.Run(_infraredEncoder[2], _visibleEncoder[2]);
        crew.Run(_infraredDown[2], _visibleDown[2]);
        crew.Run(_infraredEncoder[3], _visibleEncoder[3]);
    }

    /// <summary>f_k = f_k(concat(i_k, v_k)).</summary>
    private void Fuse(Crew<TKernels> crew) => crew.Run(_fusion[0], _fusion[1], _fusion[2], _fusion[3]);

    /// <summary>o = up4(de_4(f4)), o = up3(de_3(concat(o, f3))), o = up2(de_2(concat(o, f2))), out = sigmoid(last(de_1(concat(o, f1)))).</summary>
    private void Decode(Crew<TKernels> crew)
    {
        crew.Run(_decoder[3]);
        crew.Run(_up[2]);
        crew.Run(_decoder[2]);
        crew.Run(_up[1]);
        crew.Run(_decoder[1]);
        crew.Run(_up[0]);
        crew.Run(_decoder[0]);
        crew.Run(_last);
    }

    /// <summary>Working memory that a pass takes, in floats: by level i, v, f, the embedded i, and what comes down from the level above.</summary>
    public static long Floats(NetworkLayouts layouts)
    {
        long floats = 2 * Carved(layouts.Picture);
        for (int level = 1; level <= 4; level++)
        {
            PhaseLayout layout = layouts.Levels[level - 1];
            floats += (level == 1 ? 3 : 4) * Carved(layout);
            if (level > 1)
                floats += 2 * Carved(layout.With(layouts.Levels[level - 2].Channels));
        }
        return floats;
    }

    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
    }

    private static void RefuseFlaw(PictureIn<TKernels> picture, bool isFlawed)
    {
        if (isFlawed)
            throw new Fault(FaultKind.Fusion, $"the {picture.Name} picture holds samples that are NaN or infinite. Repair the source, or the conversion to [0, 1] before it");
    }

    private static long Carved(in PhaseLayout layout) => NativeFloats.Carved(FeatureMap.Floats(layout));

    private TLayer Following<TLayer>(BlockLayer<TKernels> block, TLayer layer)
        where TLayer : FollowingLayer<TKernels>
    {
        block.Follower = layer;
        _following.Add(layer);
        return layer;
    }

    private BlockLayer<TKernels> Block(BlockFilters filters, int level, FeatureMap input, FeatureMap? second, FeatureMap? embedded, FeatureMap output)
    {
        var pass = new BlockPass(filters, input, second, embedded, output);
        _owned.Add(pass);
        return new(pass, level);
    }

    private FeatureMap Map(PhaseLayout layout)
        => Owned(new FeatureMap(layout, Border.Reflect, _zeroRow, _memory.Carve(FeatureMap.Floats(layout))));

    private FeatureMap Reuse(FeatureMap map, Border border) => Owned(map.Reuse(border));

    private FeatureMap Owned(FeatureMap map)
    {
        _owned.Add(map);
        return map;
    }
}
