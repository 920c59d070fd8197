using Serving.TestKit.Graphs;

namespace Serving.Conformance.Fixtures;

/// <summary>The small models that the cases call, as a repository that this server and Triton serve.</summary>
internal static class FixtureRepository
{
    private static readonly string[] Datatypes =
        ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];

    private static IEnumerable<FixtureModel> All =>
    [
        .. Datatypes.Select(Identity),
        AddSub, Fixed, Classifier, ClassifierOfOne, Fails, Slow, Versions, Lifecycle, HalfPlusTwo, Text, Base64, Image,
    ];

    /// <summary>Sum and difference of two inputs.</summary>
    private static FixtureModel AddSub => new(
        "conf_add_sub",
        [
            new OnnxGraphBuilder().Input("INPUT0", "FP32", "n", 4).Input("INPUT1", "FP32", "n", 4)
                .Output("OUTPUT0", "FP32", "n", 4).Output("OUTPUT1", "FP32", "n", 4)
                .Node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]).Node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"]),
        ],
        Batched + Tensors("input", "FP32", "4", "INPUT0", "INPUT1") + Tensors("output", "FP32", "4", "OUTPUT0", "OUTPUT1"));

    /// <summary>Changes the sign of six numbers; there is no batch.</summary>
    private static FixtureModel Fixed => new(
        "conf_fixed",
        [new OnnxGraphBuilder().Input("x", "FP32", 2, 3).Output("y", "FP32", 2, 3).Node("Neg", ["x"], ["y"])],
        NotBatched + Tensors("input", "FP32", "2, 3", "x") + Tensors("output", "FP32", "2, 3", "y"));

    /// <summary>Four scores and their labels.</summary>
    private static FixtureModel Classifier => new(
        "conf_classifier",
        [new OnnxGraphBuilder().Input("x", "FP32", "n", 4).Output("y", "FP32", "n", 4).Node("Identity", ["x"], ["y"])],
        Batched + Tensors("input", "FP32", "4", "x") + "output [ { name: \"y\", data_type: TYPE_FP32, dims: [ 4 ], label_filename: \"labels.txt\" } ]\n")
    {
        Files = new Dictionary<string, string> { ["labels.txt"] = "cat\ndog\nbird\nfish\n" },
    };

    /// <summary>Three scores without labels and without a batch.</summary>
    private static FixtureModel ClassifierOfOne => new(
        "conf_classifier_of_one",
        [new OnnxGraphBuilder().Input("x", "FP32", 3).Output("y", "FP32", 3).Node("Identity", ["x"], ["y"])],
        NotBatched + Tensors("input", "FP32", "3", "x") + Tensors("output", "FP32", "3", "y"));

    /// <summary>Looks a number up among four; any other index fails while the graph runs.</summary>
    private static FixtureModel Fails => new(
        "conf_fails",
        [
            new OnnxGraphBuilder().Input("index", "INT64", "n", 1).Output("y", "FP32", "n", 1)
                .Weight("table", [4], 0f, 10f, 20f, 30f).Node("Gather", ["table", "index"], ["y"]),
        ],
        Batched + Tensors("input", "INT64", "1", "index") + Tensors("output", "FP32", "1", "y"));

    /// <summary>Multiplies matrices of n rows ten times: n = 1 takes no time, n = 1500 about a second.</summary>
    private static FixtureModel Slow
    {
        get
        {
            var graph = new OnnxGraphBuilder().Input("n", "INT64", 1).Output("y", "FP32", 1, 1)
                .Weight("zero", [1, 1], 0f)
                .Node("Concat", ["n", "n"], ["shape"], ("axis", 0))
                .Node("Expand", ["zero", "shape"], ["m0"]);
            for (var i = 1; i <= 10; i++)
            {
                graph.Node("MatMul", [$"m{i - 1}", "m0"], [$"m{i}"]);
            }

            return new FixtureModel(
                "conf_slow",
                [graph.Node("ReduceMax", ["m10"], ["y"], ("keepdims", 1))],
                NotBatched + Tensors("input", "INT64", "1", "n") + Tensors("output", "FP32", "1, 1", "y"));
        }
    }

    /// <summary>Two versions: the first adds 1, the second 2.</summary>
    private static FixtureModel Versions => new(
        "conf_versions",
        [Adding(1), Adding(2)],
        Batched + "version_policy: { all { } }\n" + Tensors("input", "FP32", "2", "x") + Tensors("output", "FP32", "2", "y"));

    /// <summary>For the cases that unload and load a model.</summary>
    private static FixtureModel Lifecycle => new(
        "conf_lifecycle", [Adding(1)], Batched + Tensors("input", "FP32", "2", "x") + Tensors("output", "FP32", "2", "y"));

    /// <summary>TensorFlow Serving's first example.</summary>
    private static FixtureModel HalfPlusTwo => new(
        "conf_half_plus_two",
        [
            new OnnxGraphBuilder().Input("x", "FP32", "n", 1).Output("y", "FP32", "n", 1).Weight("half", [1], 0.5f).Weight("two", [1], 2f)
                .Node("Mul", ["x", "half"], ["product"]).Node("Add", ["product", "two"], ["y"]),
        ],
        Batched + Tensors("input", "FP32", "1", "x") + Tensors("output", "FP32", "1", "y"));

    /// <summary>A text that comes back, under the names that 'generate' uses.</summary>
    private static FixtureModel Text => new(
        "conf_text",
        [new OnnxGraphBuilder().Input("text_input", "BYTES", 1).Output("text_output", "BYTES", 1).Node("Identity", ["text_input"], ["text_output"])],
        NotBatched + Tensors("input", "BYTES", "1", "text_input") + Tensors("output", "BYTES", "1", "text_output"));

    /// <summary>Bytes that come back; TensorFlow Serving writes an output of such a name in base64.</summary>
    private static FixtureModel Base64 => new(
        "conf_base64",
        [new OnnxGraphBuilder().Input("image_bytes", "BYTES", "n", 1).Output("echo_bytes", "BYTES", "n", 1).Node("Identity", ["image_bytes"], ["echo_bytes"])],
        Batched + Tensors("input", "BYTES", "1", "image_bytes") + Tensors("output", "BYTES", "1", "echo_bytes"));

    /// <summary>An image that comes back, and the way its pixels lie.</summary>
    private static FixtureModel Image => new(
        "conf_image",
        [new OnnxGraphBuilder().Input("image", "FP32", "n", 3, 2, 2).Output("y", "FP32", "n", 3, 2, 2).Node("Identity", ["image"], ["y"])],
        Batched + "input [ { name: \"image\", data_type: TYPE_FP32, format: FORMAT_NCHW, dims: [ 3, 2, 2 ] } ]\n" + Tensors("output", "FP32", "3, 2, 2", "y"));

    private static string Batched => "max_batch_size: 8\n";

    private static string NotBatched => "max_batch_size: 0\n";

    /// <summary>Writes all models below this folder.</summary>
    public static void Write(string folder)
    {
        foreach (var model in All)
        {
            model.Save(folder);
        }
    }

    private static FixtureModel Identity(string datatype) => new(
        "conf_identity_" + datatype.ToLowerInvariant(),
        [new OnnxGraphBuilder().Input("x", datatype, "n", "m").Output("y", datatype, "n", "m").Node("Identity", ["x"], ["y"])],
        Batched + Tensors("input", datatype, "-1", "x") + Tensors("output", datatype, "-1", "y"));

    private static OnnxGraphBuilder Adding(float number) => new OnnxGraphBuilder()
        .Input("x", "FP32", "n", 2).Output("y", "FP32", "n", 2).Weight("number", [1], number).Node("Add", ["x", "number"], ["y"]);

    private static string Tensors(string kind, string datatype, string dims, params string[] names)
    {
        var type = datatype == "BYTES" ? "STRING" : datatype;
        return $"{kind} [ {string.Join(", ", names.Select(name => $"{{ name: \"{name}\", data_type: TYPE_{type}, dims: [ {dims} ] }}"))} ]\n";
    }
}
