using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Reads <c>outputs</c>: which ones the client wants, and how.</summary>
internal sealed class OutputsReader
{
    /// <summary>Arbitrary, far above any model's.</summary>
    public const int MostTensors = 4096;

    private readonly List<string> _names = [];
    private readonly List<bool?> _binary = [];
    private readonly HashSet<string> _seen = [];

    /// <summary>The outputs in the client's order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Beside each name, what its own parameter says about raw data.</summary>
    public IReadOnlyList<bool?> Binary => _binary;

    /// <summary>Reads the array that the reader stands on, or null.</summary>
    public InferenceFailure? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return InferenceFailure.InvalidInput("outputs must be an array of objects");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var failure = _names.Count == MostTensors
                ? InferenceFailure.InvalidInput($"outputs has more than {MostTensors} entries")
                : ReadOutput(ref reader);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    private InferenceFailure? ReadOutput(ref Utf8JsonReader reader)
    {
        var where = $"outputs[{_names.Count}]";
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput($"{where} must be an object");
        }

        string? name = null;
        var parameters = default(InferParameters);
        InferenceFailure? failure = null;
        while (failure is null && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (isName, isParameters) = (JsonText.NameIs(ref reader, "name"u8), JsonText.NameIs(ref reader, "parameters"u8));
            reader.Read();
            if (isName)
            {
                failure = JsonValues.ReadString(ref reader, $"name of {where}", out name);
            }
            else if (isParameters)
            {
                failure = ParametersReader.Read(ref reader, name is null ? where : $"output '{name}'", out parameters);
            }
            else
            {
                reader.Skip();
            }
        }

        return failure ?? Add(where, name, parameters);
    }

    private InferenceFailure? Add(string where, string? name, in InferParameters parameters)
    {
        if (name is null)
        {
            return InferenceFailure.InvalidInput($"{where} has no name");
        }

        if (!_seen.Add(name))
        {
            return InferenceFailure.InvalidInput($"output '{name}' is requested twice");
        }

        _names.Add(name);
        _binary.Add(parameters.BinaryData);
        return CheckOffered(name, parameters);
    }

    private static InferenceFailure? CheckOffered(string name, in InferParameters parameters)
    {
        if (parameters.InSharedMemory)
        {
            return parameters.Classification is not null || parameters.BinaryData == true
                ? InferenceFailure.InvalidInput($"output '{name}' cannot have shared_memory_region together with classification or binary_data")
                : InferenceFailure.Unsupported($"output '{name}' is to lie in shared memory, which this server does not offer");
        }

        return parameters.Classification is > 0
            ? InferenceFailure.Unsupported($"output '{name}' is to be classified, which this server does not offer over OIP")
            : null;
    }
}
