using Serving.Runtime.Tests.Repository;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching;

/// <summary>Small graphs whose answers can be said in a line.</summary>
internal static class TestModels
{
    /// <summary>y = x * x over [batch, n]; rows do not know of one another.</summary>
    public static OnnxGraphBuilder Square() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", "n").Output("y", "FP32", "batch", "n").Node("Mul", ["x", "x"], ["y"]);

    /// <summary>y = x + state, with the batch on the second axis of both.</summary>
    public static OnnxGraphBuilder InnerBatch() => new OnnxGraphBuilder()
        .Input("x", "FP32", 2, "batch", 3).Input("state", "FP32", 2, "batch", 3).Output("y", "FP32", 2, "batch", 3)
        .Node("Add", ["x", "state"], ["y"]);

    /// <summary>y = x * factor, with one factor for the whole request.</summary>
    public static OnnxGraphBuilder Scaled() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 2).Input("factor", "FP32").Output("y", "FP32", "batch", 2).Node("Mul", ["x", "factor"], ["y"]);

    /// <summary>y = x - mean of x over the batch: rows know of one another.</summary>
    public static OnnxGraphBuilder CentredOverBatch() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2)
        .Node("ReduceMean", ["x"], ["mean"], ("axes", new long[] { 0 }), ("keepdims", 1)).Node("Sub", ["x", "mean"], ["y"]);

    /// <summary>y = x xT, a row and a column for each row.</summary>
    public static OnnxGraphBuilder Similarity() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", "batch")
        .Node("Transpose", ["x"], ["t"]).Node("MatMul", ["x", "t"], ["y"]);

    /// <summary>y = weights[ids]; an id of 10 or more fails the run.</summary>
    public static OnnxGraphBuilder Lookup() => new OnnxGraphBuilder()
        .Input("ids", "INT64", "batch", 1).Output("y", "FP32", "batch", 1, 1)
        .Weight("weights", [10, 1], 0f, 1, 2, 3, 4, 5, 6, 7, 8, 9).Node("Gather", ["weights", "ids"], ["y"]);

    /// <summary>y = x of any type, unchanged.</summary>
    public static OnnxGraphBuilder Identity(string type) => new OnnxGraphBuilder()
        .Input("x", type, "batch", "n").Output("y", type, "batch", "n").Node("Identity", ["x"], ["y"]);

    public static ScratchFolder Save(params (string Name, OnnxGraphBuilder Graph)[] models)
    {
        var folder = new ScratchFolder();
        foreach (var (name, graph) in models)
        {
            graph.Save(folder[$"{name}/1/model.onnx"]);
        }

        return folder;
    }
}
