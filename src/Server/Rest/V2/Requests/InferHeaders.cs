using System.Globalization;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>What the headers of an infer request say.</summary>
/// <param name="JsonLength">Bytes of JSON before the raw tensors; null where the whole body is JSON, 0 where none of it is.</param>
/// <param name="Timeout">How long the client waits; null for as long as it takes.</param>
/// <param name="Priority">1 is the most urgent; 0 for the model's default.</param>
internal readonly record struct InferHeaders(int? JsonLength, TimeSpan? Timeout, int Priority)
{
    /// <summary>Where the JSON ends and the raw tensors begin, in requests and responses.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private const string TimeoutHeader = "X-Request-Timeout-Ms";
    private const string PriorityHeader = "X-Priority";

    public static Outcome<InferHeaders> Read(IHeaderDictionary headers)
    {
        if (!TryRead(headers, JsonLengthHeader, out var jsonLength, out var failure)
            || !TryRead(headers, TimeoutHeader, out var timeout, out failure)
            || !TryRead(headers, PriorityHeader, out var priority, out failure))
        {
            return failure!;
        }

        return new InferHeaders(jsonLength, timeout > 0 ? TimeSpan.FromMilliseconds(timeout.Value) : null, priority ?? 0);
    }

    private static bool TryRead(IHeaderDictionary headers, string name, out int? value, out InferenceFailure? failure)
    {
        (value, failure) = (null, null);
        if (!headers.TryGetValue(name, out var text))
        {
            return true;
        }

        if (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            value = number;
            return true;
        }

        failure = InferenceFailure.InvalidInput($"header {name} is '{text}', expected a whole number from 0 to {int.MaxValue}");
        return false;
    }
}
