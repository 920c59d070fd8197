using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Reads <c>outputs</c>: which ones the client wants, and how.</summary>
internal sealed class OutputsReader
{
    /// <summary>Arbitrary, far above any model's.</summary>
    public const int MostTensors = 4096;

    private readonly List<string> _names = [];
    private readonly List<bool?> _binary = [];
    private readonly List<(string Output, int Classes, RegionReference? Region)> _wishes = [];
    private readonly HashSet<string> _seen = [];

    /// <summary>The outputs in the client's order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Beside each name, what its own parameter says about raw data.</summary>
    public IReadOnlyList<bool?> Binary => _binary;

    /// <summary>The outputs that are to be classified or to lie in shared memory.</summary>
    public IReadOnlyList<(string Output, int Classes, RegionReference? Region)> Wishes => _wishes;

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
        var failure = RegionReference.Read($"output '{name}'", parameters.Region, parameters.RegionOffset, parameters.RegionByteSize, out var region);
        if (region is not null && (parameters.Classification is not null || parameters.BinaryData == true))
        {
            return InferenceFailure.InvalidInput($"output '{name}' cannot have shared_memory_region together with classification or binary_data");
        }

        _binary.Add(region is null ? parameters.BinaryData : false);
        var classes = (int)Math.Min(parameters.Classification ?? 0, int.MaxValue);
        if (classes > 0 || region is not null)
        {
            _wishes.Add((name, classes, region));
        }

        return failure;
    }
}
