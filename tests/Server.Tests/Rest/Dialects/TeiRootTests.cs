using System.Text;
using Serving.TestKit.Servers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.Rest.Dialects;

/// <summary><c>POST /</c> of text-embeddings-inference, which serves one model: the default one here.</summary>
public sealed class TeiRootTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-tei-root-");

    [Theory]
    [InlineData("vectors", """{"inputs":"one"}""", "[[1,0,0]]")]
    [InlineData("sparse", """{"inputs":"one"}""", """[[{"index":0,"value":1.0986123}]]""")]
    [InlineData("rank", """{"query":"x","texts":["dog","cat"],"raw_scores":true}""", """[{"index":1,"score":2},{"index":0,"score":-1}]""")]
    [InlineData("mood", """{"inputs":"good","raw_scores":true}""", """[{"score":2,"label":"happy"},{"score":0,"label":"sad"}]""")]
    [InlineData("nli", """{"inputs":"good","raw_scores":true}""", """[{"score":2,"label":"entailment"},{"score":0,"label":"neutral"},{"score":-1,"label":"contradiction"}]""")]
    public async Task Post_Root_DoesWhatTheDefaultModelDoes(string model, string request, string expected)
    {
        Model(3, "BertModel").Word("one", 2, 0, 0).Word("two", 0, 4, 3).SaveTokens(Folder("vectors"));
        var sparse = Model(3, "BertForMaskedLM").Word("one", 2, -1, 0);
        sparse.Files["modules.json"] = new[] { new { type = "sentence_transformers.sparse_encoder.models.SpladePooling" } };
        sparse.SaveTokens(Folder("sparse"), "logits");
        Model(1, "BertForSequenceClassification").Word("cat", 2).Word("dog", -1).SaveSums(Folder("rank"));
        Model(2, "BertForSequenceClassification", "happy", "sad").Word("good", 2, 0).SaveSums(Folder("mood"));
        Model(3, "BertForSequenceClassification", "contradiction", "neutral", "entailment").Word("good", -1, 0, 2).SaveSums(Folder("nli"));
        await using var server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
            options.DefaultModel = model;
        });

        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri("/", UriKind.Relative), content).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.Contains("x-inference-time"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Folder(string model) => Path.Combine(_folder.FullName, model);

    private static TextModel Model(int size, string architecture, params string[] labels)
    {
        var model = new TextModel(size);
        model.Config["architectures"] = new[] { architecture };
        if (labels.Length > 0)
        {
            model.Config["id2label"] = labels.Select((label, id) => (label, id)).ToDictionary(pair => pair.id.ToString(System.Globalization.CultureInfo.InvariantCulture), pair => pair.label);
        }

        return model;
    }
}
