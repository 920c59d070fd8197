using System.Text.Json;
using Serving.Runtime.Tokenization;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>
/// Folders as Hugging Face's exports have them, of real architectures and with nothing said to the server: the task is found, and
/// answers what the bare graph's numbers come to when tokens and scores are worked out here.
/// </summary>
public sealed class ZooFolderTests
{
    private const string WordPiece = "wordpiece";
    private const string ByteLevel = "bytelevel-bpe";

    /// <summary>How many tokens the graphs have vectors for; the tokenizers have more.</summary>
    private const int GraphTokens = 1000;

    [Fact]
    public async Task Drop_MultiLabelClassifier_ScoresEachLabelByItself()
    {
        await using var folder = new TaskTestFolder();
        Drop(folder, "topics", "roberta-multilabel", ByteLevel, new
        {
            architectures = new[] { "RobertaForSequenceClassification" },
            model_type = "roberta",
            pad_token_id = 1,
            problem_type = "multi_label_classification",
            id2label = new Dictionary<string, string> { ["0"] = "news", ["1"] = "sport" },
        });
        await folder.StartAsync();
        Assert.Equal("text-classification", TaskOf(folder, "topics"));

        var answer = await folder.AnswerAsync("topics", [("text", ["the first match of the year"])]);
        var logits = await AskGraphAsync(folder, "topics", Tokenize(ByteLevel, "the first match of the year"), "logits");

        var expected = logits.Select((logit, i) => (Label: i switch { 0 => "news", 1 => "sport", _ => $"LABEL_{i}" }, Score: 1 / (1 + MathF.Exp(-logit))))
            .OrderByDescending(one => one.Score).ToList();
        AssertClose(expected.Select(one => one.Score), answer.Floats("score"));
        Assert.Equal(expected.Take(3).Select(one => one.Label), answer.Texts("label").Take(3));
        Assert.True(answer.Floats("score").Sum() > 1.5, "the scores share a sum, so that they are not each label's own");
    }

    [Fact]
    public async Task Drop_Reranker_ScoresQueryAndTextTogether()
    {
        await using var folder = new TaskTestFolder();
        Drop(folder, "rank", "electra-reranker", WordPiece, new { architectures = new[] { "ElectraForSequenceClassification" }, id2label = new Dictionary<string, string> { ["0"] = "LABEL_0" } });
        await folder.StartAsync();
        Assert.Equal("reranking", TaskOf(folder, "rank"));
        string[] texts = ["he went to the house", "of the people", "what was it"];

        var answer = await folder.AnswerAsync("rank", [("query", ["where did he go"]), ("text", texts)]);

        var expected = new List<float>();
        foreach (var text in texts)
        {
            expected.Add(1 / (1 + MathF.Exp(-(await AskGraphAsync(folder, "rank", Tokenize(WordPiece, "where did he go", text), "logits"))[0])));
        }

        AssertClose(expected, answer.Floats("score"));
        Assert.Equal(3, expected.Distinct().Count());
    }

    [Fact]
    public async Task Drop_SentenceTransformer_PoolsCutsAndNormalisesAsItsFilesSay()
    {
        await using var folder = new TaskTestFolder();
        Drop(folder, "vectors", "bert-hidden-states", WordPiece, new { architectures = new[] { "BertModel" } });
        Write(folder, "vectors", "modules.json", new[]
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
            new { idx = 2, name = "2", path = "2_Normalize", type = "sentence_transformers.models.Normalize" },
        });
        Write(folder, "vectors", "1_Pooling/config.json", new { word_embedding_dimension = 64, pooling_mode_cls_token = false, pooling_mode_mean_tokens = false, pooling_mode_max_tokens = true });
        Write(folder, "vectors", "sentence_bert_config.json", new { max_seq_length = 8, do_lower_case = false });
        await folder.StartAsync();
        Assert.Equal("sentence-embedding", TaskOf(folder, "vectors"));
        var text = "the house of the people was in the north of the city";

        var answer = await folder.AnswerAsync("vectors", [("text", [text])], null, "embedding", "tokens");

        var ids = Tokenize(WordPiece, text);
        long[] cut = [.. ids[..7], ids[^1]];
        var tokens = await AskGraphAsync(folder, "vectors", cut, "last_hidden_state");
        var size = tokens.Length / cut.Length;
        var largest = Enumerable.Range(0, size).Select(i => Enumerable.Range(0, cut.Length).Max(token => tokens[(token * size) + i])).ToArray();
        var length = MathF.Sqrt(largest.Sum(value => value * value));
        Assert.Equal(8, answer.Longs("tokens")[0]);
        AssertClose(largest.Select(value => value / length), answer.Floats("embedding"));
    }

    private static void Drop(TaskTestFolder folder, string model, string graph, string tokenizer, object config)
    {
        Directory.CreateDirectory(folder.Folder(model));
        File.Copy(Path.Combine(Zoo.Models[graph], "model.onnx"), Path.Combine(folder.Folder(model), "model.onnx"));
        File.Copy(TokenizerFile(tokenizer), Path.Combine(folder.Folder(model), "tokenizer.json"));
        Write(folder, model, "config.json", config);
    }

    private static void Write(TaskTestFolder folder, string model, string file, object content)
    {
        var path = Path.Combine(folder.Folder(model), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content));
    }

    private static string TokenizerFile(string tokenizer) => Path.Combine(SourceTree.Root, "tests", "tokenizers", "zoo", $"{tokenizer}.tokenizer.json");

    /// <summary>Numbers of tokens; those that the graphs have no vector for are the unknown token.</summary>
    private static long[] Tokenize(string file, string text, string? pair = null)
    {
        var tokenizer = Tokenizer.Load(TokenizerFile(file));
        var unknown = tokenizer.IdOf(file == WordPiece ? "[UNK]" : "<unk>")!.Value;
        return Array.ConvertAll(tokenizer.Encode(text, pair).Ids.ToArray(), id => (long)(id < GraphTokens ? id : unknown));
    }

    private static string? TaskOf(TaskTestFolder folder, string model) =>
        folder.Engine.GetMetadata(model).TryGetValue(out var metadata, out var failure) ? metadata.Task?.Name : failure.Message;

    private static async Task<float[]> AskGraphAsync(TaskTestFolder folder, string model, long[] ids, string output)
    {
        long[] shape = [1, ids.Length];
        var outcome = await folder.AskAsync(
            $"{model}.graph", [TaskTestFolder.Longs("input_ids", shape, ids), TaskTestFolder.Longs("attention_mask", shape, [.. ids.Select(_ => 1L)])], null, output);
        Assert.True(outcome.TryGetValue(out var response, out var failure), failure?.Message);
        using (response)
        {
            return new TaskOutputs(response).Floats(output);
        }
    }

    private static void AssertClose(IEnumerable<float> expected, IReadOnlyList<float> actual)
    {
        var numbers = expected.ToList();
        Assert.Equal(numbers.Count, actual.Count);
        Assert.All(numbers.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
