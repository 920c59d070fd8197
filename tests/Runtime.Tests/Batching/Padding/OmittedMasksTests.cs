using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching.Padding;

public sealed class OmittedMasksTests
{
    [Fact]
    public async Task Infer_MaskLeftOut_IsAllOnes()
    {
        using var folder = TestModels.Save(("model", Masked("attention_mask", "n")));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        using var without = await fixture.InferAsync(Requests.To("model", Requests.Floats("x", [2, 3], 1, 2, 3, 4, 5, 6)));
        using var with = await fixture.InferAsync(Requests.To(
            "model", Requests.Floats("x", [1, 3], 1, 2, 3), Requests.Floats("attention_mask", [1, 3], 1, 0, 1)));

        Assert.Equal([1f, 2, 3, 4, 5, 6], without.Floats("y"));
        Assert.Equal([1f, 0, 3], with.Floats("y"));
    }

    [Theory]
    [InlineData("mask", "n")]
    [InlineData("attention_mask", "other")]
    public async Task Infer_WhatIsNoMaskOrHasNoKnownExtent_IsMissing(string name, string axis)
    {
        using var folder = TestModels.Save(("model", Masked(name, axis)));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var outcome = await fixture.Engine.InferAsync(Requests.To("model", Requests.Floats("x", [1, 3], 1, 2, 3)), CancellationToken.None);

        Assert.False(outcome.TryGetValue(out _, out var failure));
        Assert.Equal(InferenceError.InvalidInput, failure!.Error);
        Assert.Contains($"'{name}' missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_MaskOverTwoLengths_HasTheirSum()
    {
        // y = the mask itself, as long as past and new tokens together.
        var graph = new OnnxGraphBuilder()
            .Input("past", "FP32", "batch", "p").Input("x", "FP32", "batch", "n").Input("attention_mask", "FP32", "batch", "p + n")
            .Output("y", "FP32", "batch", "p + n")
            .Node("Concat", ["past", "x"], ["all"], ("axis", 1)).Node("Mul", ["all", "attention_mask"], ["y"]);
        using var folder = TestModels.Save(("model", graph));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        using var answer = await fixture.InferAsync(Requests.To("model", Requests.Floats("past", [1, 2], 7, 8), Requests.Floats("x", [1, 1], 9)));

        Assert.Equal(new TensorShape(1, 3), answer.Outputs[0].Shape);
        Assert.Equal([7f, 8, 9], answer.Floats("y"));
    }

    private static OnnxGraphBuilder Masked(string mask, string axis) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", "n").Input(mask, "FP32", "batch", axis).Output("y", "FP32", "batch", "n")
        .Node("Mul", ["x", mask], ["y"]);
}
