using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.V1.Requests;

namespace Serving.Server.Tests.Rest.V1.Requests;

/// <summary>Reads requests as the endpoint does.</summary>
internal static class Reading
{
    public const long Limit = 1000;

    /// <summary>The inputs that a request has, as text.</summary>
    public static string[] Inputs(RequestReader reader, string json, ModelMetadata model)
    {
        Assert.True(RequestText.Read(Encoding.UTF8.GetBytes(json), model, Limit, reader).TryGetValue(out var request, out var failure), failure?.Message);
        using (request)
        {
            return [.. request!.Inputs.Select(Sample.Show)];
        }
    }

    /// <summary>Why a request is refused.</summary>
    public static string Refused(RequestReader reader, string json, ModelMetadata model, InferenceError error = InferenceError.InvalidInput)
    {
        Assert.False(RequestText.Read(Encoding.UTF8.GetBytes(json), model, Limit, reader).TryGetValue(out _, out var failure), "the request was accepted");
        Assert.Equal(error, failure!.Error);
        return failure.Message;
    }
}
