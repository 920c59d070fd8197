using Serving.TestKit;
using Serving.TestKit.Graphs;

namespace Serving.Soak.Questions;

/// <summary>The models of a soak, in a folder of its own.</summary>
internal sealed class SoakRepository : IDisposable
{
    public const string Encoder = "encoder";
    public const int TableSize = 50_000;
    public const int BusyRows = 32;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-soak-");
    private int _moves;

    public SoakRepository()
    {
        Save("mlp", new OnnxGraphBuilder().Input("x", "FP32", "batch", Mlp.Inputs).Output("y", "FP32", "batch", Mlp.Outputs)
            .Weight("w", [Mlp.Inputs, Mlp.Hidden], Mlp.First).Weight("v", [Mlp.Hidden, Mlp.Outputs], Mlp.Second)
            .Node("MatMul", ["x", "w"], ["h"]).Node("Relu", ["h"], ["r"]).Node("MatMul", ["r", "v"], ["y"]));
        Save("lookup", new OnnxGraphBuilder().Input("ids", "INT64", "batch", 1).Output("y", "FP32", "batch", 1)
            .Weight("table", [TableSize], [.. Enumerable.Range(0, TableSize).Select(i => i * 0.5f)]).Node("Gather", ["table", "ids"], ["y"]));
        Save("words", new OnnxGraphBuilder().Input("x", "BYTES", "batch", "n").Output("y", "BYTES", "batch", "n").Node("Identity", ["x"], ["y"]));
        Save("wide", new OnnxGraphBuilder().Input("x", "FP32", "batch", "n").Output("y", "FP32", "batch", "n").Node("Add", ["x", "x"], ["y"]));
        Save("busy", new OnnxGraphBuilder().Input("x", "FP32", "batch", Mlp.Inputs).Output("y", "FP32", "batch", Mlp.Outputs)
            .Weight("w", [Mlp.Inputs, Mlp.Hidden], Mlp.First).Weight("v", [Mlp.Hidden, Mlp.Outputs], Mlp.Second)
            .Node("MatMul", ["x", "w"], ["h"]).Node("Relu", ["h"], ["r"]).Node("MatMul", ["r", "v"], ["y"]));
        File.WriteAllText(System.IO.Path.Combine(_folder.FullName, "busy", "model.yaml"), $"max_batch_rows: 4\nqueue:\n  max_rows: {BusyRows}\n");
        Save("flaky", new OnnxGraphBuilder().Input("x", "FP32", 1, 1).Output("y", "FP32", 1, 1).Weight("zero", [1], 0f)
            .Node("RandomUniform", [], ["dice"], ("shape", new long[] { 1 }), ("low", 0f), ("high", 2f))
            .Node("Cast", ["dice"], ["side"], ("to", 7)).Node("Gather", ["zero", "side"], ["nothing"]).Node("Add", ["x", "nothing"], ["y"]));
        Save("coming", Times(3));
        Move();
        Directory.CreateDirectory(System.IO.Path.Combine(_folder.FullName, Encoder, "1"));
        File.Copy(System.IO.Path.Combine(Zoo.Models["bert-sequence-classification"], "model.onnx"), System.IO.Path.Combine(_folder.FullName, Encoder, "1", "model.onnx"));
    }

    public string Path => _folder.FullName;

    /// <summary>The models, in the order of their names.</summary>
    public IReadOnlyList<string> Models => [.. _folder.EnumerateDirectories().Select(folder => folder.Name).Order(StringComparer.Ordinal)];

    /// <summary>Replaces the files of the model <c>moving</c>, whose answers are then twice or thrice what it is asked.</summary>
    public void Move() => Save("moving", Times(2 + (_moves++ % 2)));

    public void Dispose() => _folder.Delete(recursive: true);

    private static OnnxGraphBuilder Times(float factor) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2).Weight("factor", [], factor).Node("Mul", ["x", "factor"], ["y"]);

    private void Save(string name, OnnxGraphBuilder graph)
    {
        var file = System.IO.Path.Combine(_folder.FullName, name, "1", "model.onnx");
        graph.Save(file + ".part");
        File.Move(file + ".part", file, overwrite: true);
    }
}
