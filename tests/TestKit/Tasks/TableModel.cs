using Serving.TestKit.Graphs;

namespace Serving.TestKit.Tasks;

/// <summary>Small models over the rows of tables, whose answers can be worked out by hand.</summary>
public static class TableModel
{
    /// <summary>Three classes over the columns height and weight, side by side: scores are height, weight and their sum.</summary>
    /// <param name="folder">Where model.onnx and model.yaml go.</param>
    /// <param name="task">What follows <c>task:</c> in model.yaml.</param>
    /// <param name="output">What the graph calls its scores.</param>
    public static void SaveClasses(string folder, string task, string output = "probabilities")
    {
        new OnnxGraphBuilder()
            .Input("X", "FP32", "batch", 2)
            .Weight("W", [2, 3], 1f, 0, 1, 0, 1, 1)
            .Node("MatMul", ["X", "W"], [output])
            .Output(output, "FP32", "batch", 3)
            .Save(Path.Combine(folder, "model.onnx"));
        File.WriteAllText(Path.Combine(folder, "model.yaml"), $"task: {task}\n");
    }

    /// <summary>A price of columns of different types: rooms + 10 where there is a garden; not a number where the rooms are not known.</summary>
    public static void SavePrices(string folder)
    {
        new OnnxGraphBuilder()
            .Input("rooms", "FP64", "batch", 1).Input("floor", "INT64", "batch", 1).Input("garden", "BOOL", "batch", 1).Input("town", "BYTES", "batch", 1)
            .Weight("ten", [1], 10f)
            .Node("Cast", ["rooms"], ["r"], ("to", 1)).Node("Cast", ["garden"], ["g"], ("to", 1)).Node("Cast", ["floor"], ["f"], ("to", 1))
            .Node("Mul", ["g", "ten"], ["extra"]).Node("Add", ["r", "extra"], ["sum"]).Node("Add", ["sum", "f"], ["price"])
            .Node("Identity", ["town"], ["place"])
            .Output("price", "FP32", "batch", 1)
            .Save(Path.Combine(folder, "model.onnx"));
        File.WriteAllText(Path.Combine(folder, "model.yaml"), "task: tabular-regression\n");
    }
}
