using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Rest.V2.Generate;

/// <summary>Real models: texts and numbers, alone and in arrays, with and without an axis for the batch.</summary>
public sealed class GenerateModelTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("serving-generate-");

    public void Dispose() => _repository.Delete(recursive: true);

    [Theory]
    [InlineData("BYTES", """{"text_input":"Grüße \"you\"\n"}""", """{"text_output":"Grüße \"you\"\n"}""")]
    [InlineData("BYTES", """{"text_input":["a","","c"]}""", """{"text_output":["a","","c"]}""")]
    [InlineData("BOOL", """{"text_input":true}""", """{"text_output":true}""")]
    [InlineData("INT64", """{"text_input":-9007199254740993}""", """{"text_output":-9007199254740993}""")]
    [InlineData("FP32", """{"text_input":[1.5,"NaN"]}""", """{"text_output":[1.5,"NaN"]}""")]
    public async Task Generate_IdentityOfAType_AnswersWhatWasAsked(string type, string request, string answer)
    {
        foreach (var (name, shape) in ((string, object[])[])[("flat", ["rows"]), ("rows", ["rows", 1]), ("open", ["rows", "columns"])])
        {
            new OnnxGraphBuilder().Input("text_input", type, shape).Output("text_output", type, shape)
                .Node("Identity", ["text_input"], ["text_output"])
                .Save(Path.Combine(_repository.FullName, name, "1", "model.onnx"));
        }

        await using var server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_repository.FullName);
            options.SettleTime = TimeSpan.Zero;
        });

        foreach (var model in (string[])["flat", "rows", "open"])
        {
            using var response = await server.Http.PostAsync($"/v2/models/{model}/generate", new StringContent(request, Encoding.UTF8)).WaitAsync(Patience);
            var text = await response.Content.ReadAsStringAsync().WaitAsync(Patience);
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            var json = JsonNode.Parse(text)!.AsObject();
            Assert.Equal(model, (string?)json["model_name"]);
            json.Remove("model_name");
            json.Remove("model_version");
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), json), text);
        }
    }
}
