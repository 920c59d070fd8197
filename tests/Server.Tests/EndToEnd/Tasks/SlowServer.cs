using System.Text;
using Serving.Server.Tests.Observability;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>
/// The real server, which runs one graph at a time, with two models for vectors of texts whose runs take the longer the more words a
/// text has: <c>slow</c>, and <c>full</c>, for which a single row may wait.
/// </summary>
public sealed class SlowServer : IAsyncLifetime
{
    private const int Width = 128;

    private const int Layers = 64;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-slow-");

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Save("slow", "max_batch_rows: 1");
        Save("full", "max_batch_rows: 1\nqueue: {max_rows: 1}");
        Server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
            options.Threads = 1;
        });
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A text of so many words, as a text in JSON.</summary>
    public static string Words(int count) => $"\"{string.Join(' ', Enumerable.Repeat("one", count))}\"";

    public async Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Server.Http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken).WaitAsync(Patience, CancellationToken.None);
    }

    /// <summary>A number of a model, or of all models, that Prometheus would read now.</summary>
    public async Task<double> MeasureAsync(string metric, string? model = null)
    {
        var scrape = await Server.ScrapeAsync().WaitAsync(Patience);
        return ScrapedMetric.Parse(scrape).TryGetValue(metric, out var found)
            ? found.Samples.Where(sample => model is null || sample.Labels["model"] == model).Sum(sample => sample.Value)
            : 0;
    }

    private void Save(string name, string yaml)
    {
        var folder = Path.Combine(_folder.FullName, name);
        var model = new TextModel(1).Word("one", 1);
        model.Config["architectures"] = new[] { "BertModel" };
        model.SaveTokens(folder);
        var graph = new OnnxGraphBuilder()
            .Input("input_ids", "INT64", "batch", "sequence")
            .Weight("last", [1], 2L)
            .Weight("wide", [1, Width], Enumerable.Repeat(0.01f, Width).ToArray())
            .Weight("square", [Width, Width], Enumerable.Repeat(1f / Width, Width * Width).ToArray())
            .Node("Cast", ["input_ids"], ["numbers"], ("to", 1))
            .Node("Unsqueeze", ["numbers", "last"], ["column"])
            .Node("MatMul", ["column", "wide"], ["row0"]);
        for (var i = 0; i < Layers; i++)
        {
            graph.Node("MatMul", [$"row{i}", "square"], [$"row{i + 1}"]);
        }

        graph.Node("Identity", [$"row{Layers}"], ["last_hidden_state"])
            .Output("last_hidden_state", "FP32", "batch", "sequence", Width)
            .Save(Path.Combine(folder, "model.onnx"));
        File.WriteAllText(Path.Combine(folder, "model.yaml"), yaml);
    }
}
