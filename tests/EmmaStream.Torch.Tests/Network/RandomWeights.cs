using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;

namespace EmmaStream.Torch.Tests.Network;

/// <summary>Weights that no training made, of a size that lets every level and the attention reach the output.</summary>
internal static class RandomWeights
{
    public static WeightSet WithStrongAttention(int seed)
    {
        Random random = new(seed);
        return new($"random {seed}", UFuserSchema.Schema.Tensors.Select(spec =>
        {
            int count = spec.Shape.Aggregate(1, (product, extent) => product * extent);
            double fanIn = count / (double)spec.Shape[0];
            float[] values = new float[count];
            for (int i = 0; i < count; i++)
            {
                double noise = 2 * random.NextDouble() - 1;
                values[i] = (float)(spec.Name switch
                {
                    _ when spec.Name.EndsWith("attn.scale", StringComparison.Ordinal) => 8 * noise,
                    _ when spec.Name.EndsWith("body.weight", StringComparison.Ordinal) => 1 + 0.5 * noise,
                    _ when spec.Name.EndsWith("bias", StringComparison.Ordinal) => 0.3 * noise,
                    _ => noise * Math.Sqrt(3 / fanIn) * 0.9,
                });
            }
            return new WeightTensor(spec.Name, spec.Shape, values);
        }));
    }
}
