using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2;

/// <summary>The body of a repository call; none at all is one without any wish.</summary>
/// <param name="ReadyOnly">Index: only what is ready.</param>
/// <param name="Overrides">Load: what takes the place of the model's own configuration and files; null where nothing does.</param>
internal readonly record struct RepositoryRequest(bool ReadyOnly, LoadOverrides? Overrides)
{
    public static Outcome<RepositoryRequest> Read(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return default(RepositoryRequest);
        }

        try
        {
            return Utf8.IsValid(body) ? ReadObject(body) : InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {exception.Message}");
        }
    }

    private static Outcome<RepositoryRequest> ReadObject(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonText.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput("the request must be a JSON object");
        }

        var readyOnly = false;
        var parameters = new RepositoryParameters();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (isReady, isParameters) = (JsonText.NameIs(ref reader, "ready"u8), JsonText.NameIs(ref reader, "parameters"u8));
            reader.Read();
            if (isReady && reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            {
                return InferenceFailure.InvalidInput("ready must be true or false");
            }

            readyOnly = isReady ? reader.GetBoolean() : readyOnly;
            var failure = isParameters ? parameters.Read(ref reader) : null;
            if (failure is not null)
            {
                return failure;
            }

            reader.Skip();
        }

        reader.Read();
        if (parameters.Overrides is not { } given)
        {
            return new RepositoryRequest(readyOnly, null);
        }

        return given.TryGetValue(out var overrides, out var refused) ? new RepositoryRequest(readyOnly, overrides) : refused;
    }
}
