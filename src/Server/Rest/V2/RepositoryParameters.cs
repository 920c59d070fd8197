using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2;

/// <summary>Reads the <c>parameters</c> of a load or unload: a configuration, files in base64, whether dependents are unloaded too.</summary>
internal sealed class RepositoryParameters
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);
    private string? _config;

    /// <summary>What takes the place of the model's own; null where nothing does.</summary>
    public Outcome<LoadOverrides>? Overrides => OverrideRules.Combine(_config, _files);

    /// <summary>Reads the object that the reader stands on; null where everything is as it should be.</summary>
    public InferenceFailure? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput("parameters must be an object");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!JsonText.TryGetString(ref reader, out var name))
            {
                return InferenceFailure.InvalidInput("a parameter's name is no text");
            }

            reader.Read();
            if (ReadOne(ref reader, name) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private InferenceFailure? ReadOne(ref Utf8JsonReader reader, string name)
    {
        if (name == OverrideRules.Config)
        {
            return JsonText.TryGetString(ref reader, out _config) ? null : InferenceFailure.InvalidInput("parameter 'config' must be a string that holds JSON");
        }

        if (name.StartsWith(OverrideRules.File, StringComparison.Ordinal))
        {
            return ReadFile(ref reader, name);
        }

        if (name == OverrideRules.Dependents)
        {
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : InferenceFailure.InvalidInput($"parameter '{name}' must be true or false");
        }

        return OverrideRules.Unknown(name);
    }

    private InferenceFailure? ReadFile(ref Utf8JsonReader reader, string name)
    {
        // Escapes that are no text make the reader throw; base64 has none to write.
        var isText = reader.TokenType == JsonTokenType.String && (!reader.ValueIsEscaped || JsonText.TryGetString(ref reader, out _));
        byte[]? content = null;
        if (!isText || !reader.TryGetBytesFromBase64(out content))
        {
            return InferenceFailure.InvalidInput($"parameter '{name}' must be a string that holds the file in base64");
        }

        return _files.TryAdd(name[OverrideRules.File.Length..], content) ? null : InferenceFailure.InvalidInput($"parameter '{name}' is given twice");
    }
}
