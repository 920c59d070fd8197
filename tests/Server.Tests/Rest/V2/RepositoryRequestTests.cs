using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Rest.V2;

namespace Serving.Server.Tests.Rest.V2;

public sealed class RepositoryRequestTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData(" \r\n", false)]
    [InlineData("{}", false)]
    [InlineData("""{"ready":true}""", true)]
    [InlineData("""{"ready":false,"other":[1]}""", false)]
    [InlineData("""{"parameters":{"unload_dependents":true}}""", false)]
    [InlineData("""{"parameters":{}}""", false)]
    [InlineData("""{"parameters":null}""", false)]
    public void Read_ValidBody_SaysWhetherOnlyReadyOnes(string body, bool readyOnly)
    {
        Assert.True(Read(body).TryGetValue(out var request, out _));
        Assert.Equal(readyOnly, request.ReadyOnly);
        Assert.Null(request.Overrides);
    }

    [Fact]
    public void Read_Overrides_AreTheTextAndTheFiles()
    {
        Assert.True(Read("""{"parameters":{"file:1\/model.onnx":"AQID","config":"{\"name\": \"é\"}","file:2/x":""}}""").TryGetValue(out var request, out _));

        Assert.Equal("""{"name": "é"}""", request.Overrides!.Config);
        Assert.Equal(["1/model.onnx", "2/x"], request.Overrides.Files.Keys.Order());
        Assert.Equal([1, 2, 3], request.Overrides.Files["1/model.onnx"].ToArray());
        Assert.True(request.Overrides.Files["2/x"].IsEmpty);
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}x", "not valid JSON")]
    [InlineData("""{"ready":1}""", "ready must be")]
    [InlineData("""{"parameters":1}""", "parameters must be")]
    [InlineData("""{"parameters":{"config":{}}}""", "parameter 'config' must be a string that holds JSON")]
    [InlineData("""{"parameters":{"config":"\ud800"}}""", "parameter 'config' must be a string that holds JSON")]
    [InlineData("""{"parameters":{"file:1/model.onnx":"AA=="}}""", "files are given without a configuration; parameter 'config' must say")]
    [InlineData("""{"parameters":{"config":"{}","file:1/model.onnx":"A"}}""", "parameter 'file:1/model.onnx' must be a string that holds the file in base64")]
    [InlineData("""{"parameters":{"config":"{}","file:1/model.onnx":"A!=="}}""", "base64")]
    [InlineData("""{"parameters":{"config":"{}","file:1/model.onnx":"\ud80e"}}""", "base64")]
    [InlineData("""{"parameters":{"config":"{}","file:1/model.onnx":7}}""", "base64")]
    [InlineData("""{"parameters":{"config":"{}","file:1/x":"","file:1/x":""}}""", "parameter 'file:1/x' is given twice")]
    [InlineData("""{"parameters":{"unload_dependents":"yes"}}""", "parameter 'unload_dependents' must be true or false")]
    [InlineData("""{"parameters":{"other":1}}""", "parameter 'other' is unknown; allowed are 'config' and 'file:VERSION/NAME' for load, and 'unload_dependents' for unload")]
    [InlineData("""{"parameters":{"\ud800":1}}""", "a parameter's name is no text")]
    public void Read_WhatIsWrong_IsRefused(string body, string expected)
    {
        Assert.False(Read(body).TryGetValue(out _, out var failure));
        Assert.Equal(InferenceError.InvalidInput, failure.Error);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static Outcome<RepositoryRequest> Read(string body) => RepositoryRequest.Read(Encoding.UTF8.GetBytes(body));
}
