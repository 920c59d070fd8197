using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>What the headers of an infer request say.</summary>
/// <param name="JsonLength">Bytes of JSON before the raw tensors; null where the whole body is JSON, 0 where none of it is.</param>
/// <param name="Timeout">How long the client waits; null for as long as it takes.</param>
/// <param name="Priority">1 is the most urgent; 0 for the model's default.</param>
internal readonly record struct InferHeaders(int? JsonLength, TimeSpan? Timeout, int Priority)
{
    /// <summary>Where the JSON ends and the raw tensors begin, in requests and responses.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>For whom the request is; null where nobody says.</summary>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="CallHeaders.Read"/>
    public static Outcome<InferHeaders> Read(IHeaderDictionary headers, string? tenantHeader = null)
    {
        if (CallHeaders.ReadNumber(headers, JsonLengthHeader, out var jsonLength) is { } failure)
        {
            return failure;
        }

        return CallHeaders.Read(headers, tenantHeader).TryGetValue(out var call, out failure)
            ? new InferHeaders(jsonLength, call.Timeout, call.Priority) { Tenant = call.Tenant }
            : failure;
    }
}
