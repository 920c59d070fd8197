using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Serving.Server.Tests.Observability;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Tasks;

namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>Ensembles over REST: what is answered, and by their metrics which models were asked for it.</summary>
[Collection(MetricsCollection.Name)]
public sealed class EnsembleEndToEndTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-ensembles-");
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        Graph("Add", 1).Save(Path.Combine(Folder("plus"), "model.onnx"));
        Graph("Mul", 2).Save(Path.Combine(Folder("twice"), "model.onnx"));
        Save("rows", "steps:\n  - {model: twice, inputs: {x: given}, outputs: {y: doubled}, for_each: [x]}\n  - {model: plus, inputs: {x: doubled}, outputs: {y: result}}\nresults: [doubled, result]\n");
        DialectModels.Model(2, "BertForSequenceClassification", "up", "down").Word("sure", 3, 0).Word("odd", 0.1f, 0).SaveSums(Folder("small"));
        DialectModels.Model(2, "BertForSequenceClassification", "up", "down").Word("odd", 0, 5).SaveSums(Folder("large"));
        Save("cascade", """
            steps:
              - {model: small, inputs: {text: text}, outputs: {label: small_label, score: small_score}, parameters: {top_k: 1}}
              - model: large
                when: {tensor: small_score, below: 0.8}
                inputs: {text: text}
                outputs: {label: label, score: score}
                parameters: {top_k: 1}
                otherwise: {label: small_label, score: small_score}
            results: [label, small_label]
            """);
        _server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ForEach_NoRows_AnswersNoRows()
    {
        var (shape, data) = await AskAsync("rows", """{"name":"given","datatype":"FP32","shape":[0,1],"data":[]}""", "doubled");
        Assert.Equal(("[0,1]", "[]"), (shape, data));

        (shape, data) = await AskAsync("rows", """{"name":"given","datatype":"FP32","shape":[2,1],"data":[3,4]}""", "result");
        Assert.Equal(("[2,1]", "[7,9]"), (shape, data));
        await ReachesAsync(2, "serving_requests_total", "twice");
    }

    [Fact]
    public async Task When_SureRows_DoNotReachTheLargeModel()
    {
        var (_, labels) = await AskAsync("cascade", Texts("sure", "odd", "sure", "odd", "sure"), "label");

        Assert.Equal("""["up","down","up","down","up"]""", labels);
        await ReachesAsync(5, "serving_rows_total", "small.graph");
        await ReachesAsync(2, "serving_rows_total", "large.graph");
        await ReachesAsync(1, "serving_requests_total", "large");

        (_, labels) = await AskAsync("cascade", Texts("sure", "sure"), "label");

        Assert.Equal("""["up","up"]""", labels);
        await ReachesAsync(2, "serving_requests_total", "cascade");
        await ReachesAsync(7, "serving_rows_total", "small.graph");
        await ReachesAsync(2, "serving_requests_total", "small");
        await ReachesAsync(2, "serving_rows_total", "large.graph");
        await ReachesAsync(1, "serving_requests_total", "large");
    }

    [Fact]
    public async Task Outputs_EarlyOne_DoesNotRunTheStepsAfterIt()
    {
        var (_, labels) = await AskAsync("cascade", Texts("odd"), "small_label");

        Assert.Equal("""["up"]""", labels);
        await ReachesAsync(1, "serving_requests_total", "cascade");
        await ReachesAsync(1, "serving_requests_total", "small");
        await ReachesAsync(0, "serving_requests_total", "large");
    }

    private async Task<(string Shape, string Data)> AskAsync(string model, string input, string output)
    {
        using var content = new StringContent($$"""{"inputs":[{{input}}],"outputs":[{"name":"{{output}}"}]}""", Encoding.UTF8, "application/json");
        using var answer = await _server.Http.PostAsync(new Uri($"/v2/models/{model}/infer", UriKind.Relative), content).WaitAsync(Patience);
        var body = await answer.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(answer.IsSuccessStatusCode, body);
        using var document = JsonDocument.Parse(body);
        var tensor = Assert.Single(document.RootElement.GetProperty("outputs").EnumerateArray());
        Assert.Equal(output, tensor.GetProperty("name").GetString());
        return (tensor.GetProperty("shape").GetRawText(), tensor.GetProperty("data").GetRawText());
    }

    /// <summary>Waits for a count, which is made a moment after the answer was sent; fails at once where there are more.</summary>
    private async Task ReachesAsync(double count, string metric, string model)
    {
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            var found = ScrapedMetric.Parse(await _server.ScrapeAsync().WaitAsync(Patience)).GetValueOrDefault(metric)?.Samples ?? [];
            var sum = found.Where(sample => sample.Labels["model"] == model).Sum(sample => sample.Value);
            if (sum == count)
            {
                return;
            }

            Assert.True(sum < count && Stopwatch.GetElapsedTime(start) < Patience, $"{metric} of {model} is {sum}, expected {count}; there are {string.Join(", ", found.Select(sample => $"{sample.Labels["model"]} {sample.Value}"))}");
        }
    }

    private static string Texts(params string[] texts) =>
        $$"""{"name":"text","datatype":"BYTES","shape":[{{texts.Length}}],"data":{{JsonSerializer.Serialize(texts)}}}""";

    private static OnnxGraphBuilder Graph(string operation, float by) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 1)
        .Weight("by", [1], by)
        .Node(operation, ["x", "by"], ["y"])
        .Output("y", "FP32", "batch", 1);

    private string Folder(string model) => Path.Combine(_folder.FullName, model);

    private void Save(string model, string yaml)
    {
        Directory.CreateDirectory(Folder(model));
        File.WriteAllText(Path.Combine(Folder(model), "model.yaml"), yaml);
    }
}
