using System.Text.Json;
using EmmaStream.Training.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EmmaStream.Training.Tests.Losses;

public class EmmaLossTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_term_of_the_first_step_is_the_published_one(bool mergesKernels)
    {
        using PublishedTraining training = new(mergesKernels);
        LossTerms terms = training.Backward();
        JsonElement expected = training.Record.RootElement.GetProperty("losses_before_step")[0];
        Assert.InRange(terms.Total - expected.GetProperty("total").GetDouble(), -1e-6, 1e-6);
        string[] names = [.. expected.EnumerateObject().Select(p => p.Name).Except(["step", "total"])];
        Assert.Equal(9, names.Length);
        Assert.All(names, name => Assert.InRange(terms[name] - expected.GetProperty(name).GetDouble(), -1e-6, 1e-6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_gradient_of_the_first_step_has_the_published_norm(bool mergesKernels)
    {
        using PublishedTraining training = new(mergesKernels);
        training.Backward();
        Dictionary<string, double> expected = training.Record.RootElement.GetProperty("gradient_norms_first_step").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(347, expected.Count);
        foreach ((string name, Parameter parameter) in training.Fuser.Module.named_parameters())
        {
            using Tensor norm = parameter.grad!.norm();
            double actual = norm.item<float>(), bound = expected[name] > 1e-6 ? 1e-3 * expected[name] : 1e-8;
            Assert.True(Math.Abs(actual - expected[name]) <= bound, $"{name}: {actual} instead of {expected[name]}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_steps_of_Adam_take_the_published_losses(bool mergesKernels)
    {
        using PublishedTraining training = new(mergesKernels);
        double[] expected = [.. training.Record.RootElement.GetProperty("losses_before_step").EnumerateArray().Select(e => e.GetProperty("total").GetDouble())];
        Assert.Equal(11, expected.Length);
        foreach (double loss in expected)
        {
            Assert.InRange(training.Backward().Total - loss, -1e-5, 1e-5);
            training.Fuser.Step(1e-4, clip: null);
        }
    }

    [Fact]
    public void Nothing_is_learned_by_the_sensing_networks()
    {
        using PublishedTraining training = new(mergesKernels: true);
        Dictionary<string, float[]> before = training.InfraredSensing.Weights("").Tensors.ToDictionary(t => t.Name, t => t.Values);
        training.Backward();
        training.Fuser.Step(1e-4, clip: null);
        Assert.All(training.InfraredSensing.Weights("").Tensors, t => Assert.Equal(before[t.Name], t.Values));
    }
}
