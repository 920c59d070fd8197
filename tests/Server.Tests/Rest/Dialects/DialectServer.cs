using System.Text;
using System.Text.Json;
using Serving.TestKit.Servers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.Rest.Dialects;

/// <summary>The real server with a small model for each task over texts and recordings, whose answers can be worked out by hand.</summary>
public sealed class DialectServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-dialects-");

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("serving-dialect-files-");

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var vectors = Model(3, "BertModel").Word("one", 2, 0, 0).Word("two", 0, 4, 3);
        vectors.SaveTokens(Folder("vectors"));
        var mood = Model(2, "BertForSequenceClassification", "happy", "sad").Word("good", 2, 0).Word("bad", 0, 2);
        mood.SaveSums(Folder("mood"));
        var nli = Model(3, "BertForSequenceClassification", "contradiction", "neutral", "entailment").Word("sport", -1, 0, 3).Word("art", 1, 0, 1);
        nli.SaveSums(Folder("nli"));
        var names = Model(3, "BertForTokenClassification", "O", "B-PER", "I-PER").Word("[UNK]", 5, 0, 0).Word("Ada", 0, 5, 0).Word("Bob", 0, 5, 0);
        names.SaveTokens(Folder("names"), "logits");
        Model(2, "BertForQuestionAnswering").Word("New", 4, 0).Word("City", 0, 4).SaveSpans(Folder("spans"));
        var mask = Model(7, "BertForMaskedLM").Word("[MASK]", 0, 0, 0, 0, 0, 3, 2).Word("red", 0, 0, 0, 0, 0, 0, 0).Word("green", 0, 0, 0, 0, 0, 0, 0);
        mask.SaveTokens(Folder("mask"), "logits");
        var sparse = Model(3, "BertForMaskedLM").Word("one", 2, -1, 0).Word("two", 0, 4, 3);
        sparse.Files["modules.json"] = new[] { new { type = "sentence_transformers.sparse_encoder.models.SpladePooling" } };
        sparse.SaveTokens(Folder("sparse"), "logits");
        var rank = Model(1, "BertForSequenceClassification").Word("cat", 2).Word("dog", -1);
        rank.SaveSums(Folder("rank"));
        SoundModel.SaveSpelling(Folder("speech"));
        SoundModel.SaveLoudness(Folder("sounds"));
        SoundModel.SaveVoice(Folder("voice"));
        Server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
        });
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
        _files.Delete(recursive: true);
    }

    /// <summary>Writes a file for clients and gives its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The status and the answer to JSON, numbers rounded to three places.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await PostAsync(path, content);
    }

    /// <summary>The status and the JSON that any body is answered with.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, HttpContent content)
    {
        using var answer = await Server.Http.PostAsync(new Uri(path, UriKind.Relative), content).WaitAsync(TimeSpan.FromSeconds(60));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return ((int)answer.StatusCode, Round(document.RootElement));
    }

    private static string Round(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when !value.TryGetInt64(out _) => JsonSerializer.Serialize(Math.Round(value.GetDouble(), 3)),
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Round))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(field => $"\"{field.Name}\":{Round(field.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    private string Folder(string model) => Path.Combine(_folder.FullName, model);

    private static TextModel Model(int size, string architecture, params string[] labels)
    {
        var model = new TextModel(size);
        model.Config["architectures"] = new[] { architecture };
        model.Config["max_position_embeddings"] = 16;
        if (labels.Length > 0)
        {
            model.Config["id2label"] = labels.Select((label, id) => (label, id)).ToDictionary(pair => pair.id.ToString(System.Globalization.CultureInfo.InvariantCulture), pair => pair.label);
        }

        return model;
    }
}
