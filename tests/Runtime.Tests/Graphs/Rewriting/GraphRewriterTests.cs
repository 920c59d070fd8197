using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serving.Runtime.Graphs;
using Serving.Runtime.Graphs.Rewriting;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Graphs.Rewriting;

/// <summary>Graphs are rewritten into what is expected, and answer as before.</summary>
public sealed class GraphRewriterTests
{
    private const int IrVersion = 8;
    private const int Channels = 4;
    private const int Side = 5;

    [Fact]
    public void TryRewrite_HardSwishBetweenNumbers_IsHardSigmoidInsideOfConvolutions()
    {
        var model = HardSwish(Convolve(Graph(), "x", "c", "w"), "n", "h", "Mul", "Div")
            .Node("Mul", ["scale", "c"], ["m"]).Node("Add", ["m", "shift"], ["n"])
            .Node("Mul", ["h", "scale"], ["p"]).Node("Add", ["shift", "p"], ["q"]);

        var rewritten = Rewrite(Convolve(model, "q", "y", "point"));

        Assert.Equal(["Conv", "HardSigmoid", "Mul", "Conv"], Operators(rewritten));
    }

    [Fact]
    public void TryRewrite_NumbersBeforeAConvolutionThatPads_AreOneNormalization()
    {
        var model = Convolve(Graph(), "x", "c", "w").Node("Relu", ["c"], ["h"]).Node("Mul", ["h", "scale"], ["p"]).Node("Add", ["p", "shift"], ["q"]);

        var rewritten = Rewrite(Convolve(model, "q", "y", "w"));

        Assert.Equal(["Conv", "Relu", "BatchNormalization", "Conv"], Operators(rewritten));
    }

    [Theory]
    [InlineData("Div", "Mul")]
    [InlineData("Mul", "Sixth")]
    [InlineData("Sixth", "Mul")]
    public void TryRewrite_HardSwishInAnotherOrder_IsFound(string first, string second)
    {
        var rewritten = Rewrite(HardSwish(Convolve(Graph(), "x", "n", "w"), "n", "y", first, second));

        Assert.Equal(["Conv", "HardSigmoid", "Mul"], Operators(rewritten));
    }

    [Fact]
    public void TryRewrite_HardSigmoidAlone_IsFoundBeforeItsThreeIsFolded()
    {
        var model = Convolve(Graph(), "x", "n", "w").Node("Add", ["n", "three"], ["a"]).Node("Clip", ["a", "zero", "six"], ["b"]).Node("Div", ["b", "six"], ["y"]);

        Assert.Equal(["Conv", "HardSigmoid"], Operators(Rewrite(model)));
    }

    [Fact]
    public void TryRewrite_OtherLimits_AreLeftAlone() =>
        Assert.Null(GraphRewriter.TryRewrite(
            Convolve(Graph(), "x", "n", "w").Node("Add", ["n", "three"], ["a"]).Node("Clip", ["a", "zero", "three"], ["b"]).Node("Mul", ["n", "b"], ["m"])
                .Node("Div", ["m", "six"], ["y"]).ToBytes(),
            IrVersion));

    [Fact]
    public void TryRewrite_ValueThatTheUserReads_IsStillThere()
    {
        var model = Convolve(Graph(), "x", "c", "w").Output("c", "FP32", "n", Channels, Side, Side).Node("Mul", ["c", "scale"], ["y"]);

        Assert.Null(GraphRewriter.TryRewrite(model.ToBytes(), IrVersion));
    }

    [Fact]
    public void TryRewrite_NumberThatARequestMayReplace_IsNotFolded()
    {
        var model = Convolve(Graph(), "x", "c", "w").Input("scale", "FP32").Node("Mul", ["c", "scale"], ["y"]).ToBytes();

        Assert.Null(GraphRewriter.TryRewrite(model, IrVersion));
        Assert.NotNull(GraphRewriter.TryRewrite(model, irVersion: 3));
    }

    [Fact]
    public void TryRewrite_NumberForEachChannelOrNone_IsLeftAlone()
    {
        var model = Convolve(Graph(), "x", "c", "w").Weight("each", [Channels, 1, 1], 1f, 2f, 3f, 4f)
            .Node("Mul", ["c", "each"], ["m"]).Node("Mul", ["x", "scale"], ["t"]).Node("Add", ["t", "shift"], ["u"]).Node("Add", ["m", "u"], ["y"]);

        Assert.Null(GraphRewriter.TryRewrite(model.ToBytes(), IrVersion));
    }

    [Fact]
    public void TryRewrite_OperatorsWithGraphsInside_AreNotTouched()
    {
        var path = Path.GetTempFileName();
        try
        {
            var branch = new OnnxGraphBuilder().Output("b", "FP32", "n", Channels, Side, Side).Node("Identity", ["c"], ["b"]);
            Convolve(Graph(), "x", "c", "w").Input("on", "BOOL").Node("Mul", ["c", "scale"], ["m"])
                .Node("If", ["on"], ["y"], ("then_branch", branch), ("else_branch", branch)).Save(path);

            Assert.Null(GraphRewriter.TryRewrite(path, OnnxGraphReader.Read(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TryRewrite_DamagedModels_AreRefusedOrWritten()
    {
        var model = HardSwish(Convolve(Graph(), "x", "n", "w"), "n", "y", "Mul", "Div").ToBytes();
        var random = new Random(23);
        var refused = 0;
        for (var round = 0; round < 5000; round++)
        {
            var damaged = model.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                GraphRewriter.TryRewrite(damaged.AsMemory(0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length)), IrVersion);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 4900);
    }

    private static OnnxGraphBuilder Graph() => new OnnxGraphBuilder()
        .Input("x", "FP32", "n", Channels, Side, Side)
        .Output("y", "FP32", "n", Channels, Side, Side)
        .Weight("w", [Channels, Channels, 3, 3], Numbers(Channels * Channels * 9))
        .Weight("point", [Channels, Channels, 1, 1], Numbers(Channels * Channels))
        .Weight("bias", [Channels], Numbers(Channels))
        .Weight("scale", [1], 1.75f).Weight("shift", [], -0.4f)
        .Weight("zero", [], 0f).Weight("three", [], 3f).Weight("six", [], 6f).Weight("sixth", [], 1f / 6);

    private static OnnxGraphBuilder Convolve(OnnxGraphBuilder graph, string from, string to, string weights) =>
        graph.Node("Conv", [from, weights, "bias"], [to], ("pads", weights == "w" ? new long[] { 1, 1, 1, 1 } : [0, 0, 0, 0]));

    /// <summary>x * clip(x + 3, 0, 6) / 6, where the product and the division come in either order.</summary>
    private static OnnxGraphBuilder HardSwish(OnnxGraphBuilder graph, string from, string to, string first, string second)
    {
        graph.Node("Add", [from, "three"], ["plus"]).Node("Clip", ["plus", "zero", "six"], ["clipped"]);
        Step(first, "clipped", "between");
        return Step(second, "between", to);

        OnnxGraphBuilder Step(string kind, string input, string output) => kind switch
        {
            "Mul" => graph.Node("Mul", [from, input], [output]),
            "Div" => graph.Node("Div", [input, "six"], [output]),
            _ => graph.Node("Mul", ["sixth", input], [output]),
        };
    }

    /// <summary>The rewritten model, which must answer as the other does.</summary>
    private static byte[] Rewrite(OnnxGraphBuilder graph)
    {
        var model = graph.ToBytes();
        var rewritten = GraphRewriter.TryRewrite(model, IrVersion);
        Assert.NotNull(rewritten);
        var (expected, actual) = (Run(model), Run(rewritten));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        return rewritten;
    }

    private static float[] Run(byte[] model)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        using var session = new InferenceSession(model, options);
        var input = new DenseTensor<float>(Numbers(2 * Channels * Side * Side), [2, Channels, Side, Side]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("x", input)]);
        return [.. outputs[0].AsEnumerable<float>()];
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
    }

    private static string[] Operators(byte[] model) =>
        [.. OnnxGraphReader.Read(new MemoryStream(model)).Nodes.Select(node => node.Operator).Where(type => type != "Constant")];
}
