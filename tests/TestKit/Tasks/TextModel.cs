using System.Text.Json;
using Serving.TestKit.Graphs;

namespace Serving.TestKit.Tasks;

/// <summary>
/// A Hugging Face folder with a model so small that its answers can be worked out by hand: each word has a vector, and the graph gives
/// the vectors of a text's tokens, or their sum. Words that are not in it are [UNK]; a text is read as [CLS] text [SEP].
/// </summary>
public sealed class TextModel
{
    private readonly List<string> _words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private readonly List<float[]> _vectors;

    /// <param name="size">The numbers of a vector. Those of the five special tokens are zero.</param>
    public TextModel(int size)
    {
        Size = size;
        _vectors = [.. _words.Select(_ => new float[size])];
    }

    public int Size { get; }

    /// <summary>What config.json says.</summary>
    public Dictionary<string, object> Config { get; } = [];

    /// <summary>Further files, as JSON.</summary>
    public Dictionary<string, object> Files { get; } = [];

    /// <summary>Adds a word, or gives a special token another vector.</summary>
    public TextModel Word(string word, params float[] vector)
    {
        if (_words.IndexOf(word) is var known and >= 0)
        {
            _vectors[known] = vector;
        }
        else
        {
            _words.Add(word);
            _vectors.Add(vector);
        }

        return this;
    }

    public float[] VectorOf(string word) => _vectors[Math.Max(_words.IndexOf(word), _words.IndexOf("[UNK]"))];

    public int IdOf(string word) => _words.IndexOf(word);

    /// <summary>Writes a graph that gives the sum of the tokens' vectors, as classifiers have <c>logits</c>.</summary>
    public void SaveSums(string folder, string output = "logits")
    {
        Looked().Node("ReduceSum", ["masked", "one"], [output], ("keepdims", 0))
            .Weight("one", [1], 1L)
            .Output(output, "FP32", "batch", Size)
            .Save(Path.Combine(folder, "model.onnx"));
        SaveFiles(folder);
    }

    /// <summary>Writes a graph that gives the tokens' vectors, each plus <paramref name="mixing"/> times that of the first token.</summary>
    public void SaveTokens(string folder, string output = "last_hidden_state", float mixing = 0)
    {
        Looked().Weight("mixing", [1], mixing)
            .Weight("zero", [1], 0L)
            .Node("Gather", ["masked", "zero"], ["first"], ("axis", 1))
            .Node("Mul", ["first", "mixing"], ["mixed"])
            .Node("Add", ["masked", "mixed"], [output])
            .Output(output, "FP32", "batch", "sequence", Size)
            .Save(Path.Combine(folder, "model.onnx"));
        SaveFiles(folder);
    }

    /// <summary>Writes a graph that gives the first two numbers of each token's vector apart, as span models have their logits.</summary>
    public void SaveSpans(string folder)
    {
        Looked().Weight("zero", [], 0L)
            .Weight("one", [], 1L)
            .Node("Gather", ["masked", "zero"], ["start_logits"], ("axis", 2))
            .Node("Gather", ["masked", "one"], ["end_logits"], ("axis", 2))
            .Output("start_logits", "FP32", "batch", "sequence")
            .Output("end_logits", "FP32", "batch", "sequence")
            .Save(Path.Combine(folder, "model.onnx"));
        SaveFiles(folder);
    }

    private OnnxGraphBuilder Looked() => new OnnxGraphBuilder()
        .Input("input_ids", "INT64", "batch", "sequence")
        .Input("attention_mask", "INT64", "batch", "sequence")
        .Weight("table", [_words.Count, Size], [.. _vectors.SelectMany(vector => vector)])
        .Weight("last", [1], 2L)
        .Node("Gather", ["table", "input_ids"], ["looked"])
        .Node("Cast", ["attention_mask"], ["counted"], ("to", 1))
        .Node("Unsqueeze", ["counted", "last"], ["mask"])
        .Node("Mul", ["looked", "mask"], ["masked"]);

    private void SaveFiles(string folder)
    {
        Save(folder, "config.json", Config);
        Save(folder, "tokenizer.json", Tokenizer());
        foreach (var (name, content) in Files)
        {
            Save(folder, name, content);
        }
    }

    private object Tokenizer() => new Dictionary<string, object>
    {
        ["version"] = "1.0",
        ["added_tokens"] = _words.Take(5).Select((word, id) => new Dictionary<string, object>
        {
            ["id"] = id, ["content"] = word, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        }).ToArray(),
        ["pre_tokenizer"] = new Dictionary<string, object> { ["type"] = "Whitespace" },
        ["post_processor"] = new Dictionary<string, object> { ["type"] = "BertProcessing", ["sep"] = new object[] { "[SEP]", 3 }, ["cls"] = new object[] { "[CLS]", 2 } },
        ["model"] = new Dictionary<string, object>
        {
            ["type"] = "WordLevel", ["vocab"] = _words.Select((word, id) => (word, id)).ToDictionary(p => p.word, p => p.id), ["unk_token"] = "[UNK]",
        },
    };

    private static void Save(string folder, string name, object content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content));
    }
}
