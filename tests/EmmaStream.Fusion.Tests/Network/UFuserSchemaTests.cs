using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Network;

public class UFuserSchemaTests
{
    private static WeightSet Golden => WeightFile.Load(UFuserGolden.Weights);

    [Fact]
    public void Has_347_tensors_and_1517657_parameters()
    {
        Assert.Equal(347, UFuserSchema.Schema.Tensors.Count);
        Assert.Equal(1_517_657, UFuserSchema.Schema.Tensors.Sum(t => t.Shape.Aggregate(1, (product, extent) => product * extent)));
    }

    [Fact]
    public void Is_what_the_published_network_saves_in_its_order() =>
        Assert.Equal(Golden.Tensors.Select(t => (t.Name, t.ShapeText)), UFuserSchema.Schema.Tensors.Select(t => (t.Name, t.ShapeText)));

    [Fact]
    public void Accepts_its_own_tensors_in_any_order() =>
        UFuserSchema.Check(new WeightSet("shuffled", Golden.Tensors.Reverse()));

    [Fact]
    public void Lists_everything_that_differs_at_once_in_one_line()
    {
        List<WeightTensor> tensors = [.. Golden.Tensors];
        tensors.RemoveAll(t => t.Name is "last.0.bias" or "f_2.FFN.weight");
        int at = tensors.FindIndex(t => t.Name == "de_1.embed.weight");
        tensors[at] = new("de_1.embed.weight", [8, 8, 3, 3], new float[576]);
        at = tensors.FindIndex(t => t.Name == "up2.0.weight");
        tensors[at] = tensors[at] with { Values = [.. tensors[at].Values.Select((v, i) => i == 5 ? float.NaN : v)] };
        at = tensors.FindIndex(t => t.Name == "up3.0.weight");
        tensors[at] = tensors[at] with { Values = [.. tensors[at].Values.Select((v, i) => i == 5 ? float.NegativeInfinity : v)] };
        tensors.Add(new("head.weight", [1], [0]));
        Fault fault = Assert.Throws<Fault>(() => UFuserSchema.Check(new WeightSet("w.pth", tensors)));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.Equal("w.pth: no weights of EMMA's U-Fuser: 2 missing: f_2.FFN.weight, last.0.bias; 1 extra: head.weight; "
            + "1 misshapen: de_1.embed.weight (8x8x3x3 instead of 8x16x3x3); 2 not finite: up3.0.weight, up2.0.weight. Give a file saved from this network", fault.Message);
    }
}
