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
    [InlineData("""{"parameters":{"unload_dependents":true,"x":{"y":1}}}""", false)]
    [InlineData("""{"parameters":null}""", false)]
    public void Read_ValidBody_SaysWhetherOnlyReadyOnes(string body, bool readyOnly)
    {
        Assert.True(Read(body).TryGetValue(out var request, out _));
        Assert.Equal(readyOnly, request.ReadyOnly);
    }

    [Theory]
    [InlineData("[]", InferenceError.InvalidInput, "JSON object")]
    [InlineData("{", InferenceError.InvalidInput, "not valid JSON")]
    [InlineData("{}x", InferenceError.InvalidInput, "not valid JSON")]
    [InlineData("""{"ready":1}""", InferenceError.InvalidInput, "ready must be")]
    [InlineData("""{"parameters":1}""", InferenceError.InvalidInput, "parameters must be")]
    [InlineData("""{"parameters":{"config":"{}"}}""", InferenceError.Unsupported, "'config'")]
    [InlineData("""{"parameters":{"file:1/model.onnx":"AA=="}}""", InferenceError.Unsupported, "'file:1/model.onnx'")]
    public void Read_WhatIsWrongOrNotOffered_IsRefused(string body, InferenceError error, string expected)
    {
        Assert.False(Read(body).TryGetValue(out _, out var failure));
        Assert.Equal(error, failure.Error);
        Assert.Contains(expected, failure.Message);
    }

    private static Outcome<RepositoryRequest> Read(string body) => RepositoryRequest.Read(Encoding.UTF8.GetBytes(body));
}
