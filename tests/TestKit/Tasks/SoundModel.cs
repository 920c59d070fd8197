using System.Text.Json;
using Serving.TestKit.Graphs;

namespace Serving.TestKit.Tasks;

/// <summary>Hugging Face folders with models over recordings so small that their answers can be worked out by hand.</summary>
public static class SoundModel
{
    /// <summary>
    /// A model that writes down one character for each two samples: the whole number that the first of the two is a tenth of, and none for a sample left over. With the
    /// vocabulary blank, |, A, B, C the sample 0.2 is an A.
    /// </summary>
    public static void SaveSpelling(string folder)
    {
        new OnnxGraphBuilder()
            .Input("input_values", "FP32", "batch", "time")
            .Weight("from", [1], 0L)
            .Weight("until", [1], -1L)
            .Weight("time", [1], 1L)
            .Weight("two", [1], 2L)
            .Node("Slice", ["input_values", "from", "until", "time", "two"], ["firsts"])
            .Node("Unsqueeze", ["firsts", "two"], ["heard"])
            .Weight("letters", [5], 0f, 0.1f, 0.2f, 0.3f, 0.4f)
            .Node("Sub", ["heard", "letters"], ["off"])
            .Node("Abs", ["off"], ["distance"])
            .Node("Neg", ["distance"], ["logits"])
            .Output("logits", "FP32", "batch", "frames", 5)
            .Save(Path.Combine(folder, "model.onnx"));
        Save(folder, "config.json", new { architectures = new[] { "Wav2Vec2ForCTC" }, conv_kernel = new[] { 2 }, conv_stride = new[] { 2 }, pad_token_id = 0 });
        Save(folder, "preprocessor_config.json", new { feature_extractor_type = "Wav2Vec2FeatureExtractor", sampling_rate = 1000, do_normalize = false });
        Save(folder, "vocab.json", new Dictionary<string, int> { ["<pad>"] = 0, ["|"] = 1, ["A"] = 2, ["B"] = 3, ["C"] = 4 });
        Save(folder, "tokenizer_config.json", new { tokenizer_class = "Wav2Vec2CTCTokenizer", pad_token = "<pad>", word_delimiter_token = "|" });
    }

    /// <summary>A recording in which each letter of <c>_|ABC</c> is two samples, for <see cref="SaveSpelling"/>; the first is the blank.</summary>
    public static byte[] Spell(string letters) =>
        WavFiles.Make(letters.SelectMany(letter => (float[])["_|ABC".IndexOf(letter, StringComparison.Ordinal) / 10f, 0]), 1000);

    /// <summary>A model with two numbers for a recording: the average of its samples, and the same below zero.</summary>
    /// <param name="folder">Where it is saved.</param>
    /// <param name="samples">How many samples it always hears; null for any number.</param>
    public static void SaveLoudness(string folder, int? samples = null)
    {
        new OnnxGraphBuilder()
            .Input("input_values", "FP32", "batch", (object?)samples ?? "time")
            .Weight("signs", [2], 1f, -1f)
            .Node("ReduceMean", ["input_values"], ["mean"], ("axes", new long[] { 1 }), ("keepdims", 1))
            .Node("Mul", ["mean", "signs"], ["logits"])
            .Output("logits", "FP32", "batch", 2)
            .Save(Path.Combine(folder, "model.onnx"));
        Save(folder, "config.json", new
        {
            architectures = new[] { "Wav2Vec2ForSequenceClassification" }, id2label = new Dictionary<string, string> { ["0"] = "up", ["1"] = "down" }, conv_kernel = new[] { 1 }, conv_stride = new[] { 1 },
        });
        Save(folder, "preprocessor_config.json", new { feature_extractor_type = "Wav2Vec2FeatureExtractor", sampling_rate = 1000, do_normalize = false });
    }

    /// <summary>
    /// A model in the form of Silero's: speech is as probable as the loudest sample of a window is high, and the state counts windows:
    /// from the fourth on nothing is speech.
    /// </summary>
    public static void SaveVoice(string folder)
    {
        new OnnxGraphBuilder()
            .Input("input", "FP32", "batch", "time")
            .Input("state", "FP32", 2, "batch", 1)
            .Input("sr", "INT64")
            .Node("ReduceMax", ["input"], ["loudest"], ("axes", new long[] { 1 }), ("keepdims", 1))
            .Weight("one", [1], 1f)
            .Node("Add", ["state", "one"], ["stateN"])
            .Node("ReduceMax", ["stateN"], ["windows"], ("axes", new long[] { 0 }), ("keepdims", 0))
            .Weight("limit", [1], 3.5f)
            .Node("Less", ["windows", "limit"], ["early"])
            .Node("Cast", ["early"], ["counts"], ("to", 1))
            .Node("Mul", ["loudest", "counts"], ["output"])
            .Output("output", "FP32", "batch", 1)
            .Output("stateN", "FP32", 2, "batch", 1)
            .Save(Path.Combine(folder, "model.onnx"));
        File.WriteAllText(Path.Combine(folder, "model.yaml"), "task: voice-activity-detection");
    }

    /// <summary>A model that foretells the last two values again, each one higher.</summary>
    public static void SaveSeries(string folder)
    {
        new OnnxGraphBuilder()
            .Input("past_values", "FP32", "batch", 4, 2)
            .Weight("last", [2], 2L, 3L)
            .Node("Gather", ["past_values", "last"], ["end"], ("axis", 1))
            .Weight("one", [1], 1f)
            .Node("Add", ["end", "one"], ["prediction_outputs"])
            .Output("prediction_outputs", "FP32", "batch", 2, 2)
            .Save(Path.Combine(folder, "model.onnx"));
        Save(folder, "config.json", new { architectures = new[] { "PatchTSTForPrediction" } });
    }

    private static void Save(string folder, string name, object content) => File.WriteAllBytes(Path.Combine(folder, name), JsonSerializer.SerializeToUtf8Bytes(content));
}
