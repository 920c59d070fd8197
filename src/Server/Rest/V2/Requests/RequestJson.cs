using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>The JSON of an infer request. Owns the data of its inputs until <see cref="TakeInputs"/>.</summary>
internal sealed class RequestJson : IDisposable
{
    private readonly OutputsReader _outputs = new();
    private readonly HashSet<string> _names = [];
    private List<RequestInput>? _inputs;
    private string? _id;
    private bool _outputsRead;
    private bool _readsRegions;

    public string? Id => _id;

    public InferParameters Parameters { get; private set; }

    public IReadOnlyList<RequestInput> Inputs => _inputs ?? [];

    /// <summary>The outputs that are to be classified or to lie in shared memory.</summary>
    public IReadOnlyList<(string Output, int Classes, RegionReference? Region)> Wishes => _outputs.Wishes;

    /// <summary>Whether an input or an output is to lie in shared memory.</summary>
    public bool UsesRegions => _readsRegions || _outputs.UsesRegions;

    public RequestedOutputs Outputs => new(_outputs.Names, _outputs.Binary, Parameters.BinaryDataOutput ?? false);

    /// <summary>Reads a whole request. Null, or what is wrong with it; malformed JSON is no exception here.</summary>
    public InferenceFailure? Read(ReadOnlySpan<byte> json)
    {
        // The reader checks no UTF-8, and texts that are none would throw when they are read.
        if (!Utf8.IsValid(json))
        {
            return InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }

        try
        {
            return ReadObject(json);
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {JsonText.DescribeMalformed(json, exception)}");
        }
    }

    /// <summary>Hands the inputs and their memory over.</summary>
    public IReadOnlyList<RequestInput> TakeInputs()
    {
        var inputs = Inputs;
        _inputs = null;
        return inputs;
    }

    public void Dispose()
    {
        foreach (var input in TakeInputs())
        {
            input.Dispose();
        }
    }

    private InferenceFailure? ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput("the request must be a JSON object");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var failure = ReadField(json, ref reader);
            if (failure is not null)
            {
                return failure;
            }
        }

        // Throws where something follows the object.
        reader.Read();
        return _inputs is null ? InferenceFailure.InvalidInput("the request has no inputs") : null;
    }

    private InferenceFailure? ReadField(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (JsonText.NameIs(ref reader, "inputs"u8))
        {
            reader.Read();
            return ReadInputs(json, ref reader);
        }

        if (JsonText.NameIs(ref reader, "outputs"u8))
        {
            reader.Read();
            var twice = _outputsRead;
            _outputsRead = true;
            return twice ? InferenceFailure.InvalidInput("the request has outputs twice") : _outputs.Read(ref reader);
        }

        if (JsonText.NameIs(ref reader, "parameters"u8))
        {
            reader.Read();
            var failure = ParametersReader.Read(ref reader, "the request", out var parameters);
            Parameters = parameters;
            return failure;
        }

        var isId = JsonText.NameIs(ref reader, "id"u8);
        reader.Read();
        if (isId && reader.TokenType != JsonTokenType.Null)
        {
            return JsonValues.ReadString(ref reader, "id of the request", out _id);
        }

        reader.Skip();
        return null;
    }

    private InferenceFailure? ReadInputs(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (_inputs is not null || reader.TokenType != JsonTokenType.StartArray)
        {
            return InferenceFailure.InvalidInput("the request must have inputs once, as an array of objects");
        }

        _inputs = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (_inputs.Count == OutputsReader.MostTensors)
            {
                return InferenceFailure.InvalidInput($"inputs has more than {OutputsReader.MostTensors} entries");
            }

            if (!new InputReader(json, _inputs.Count).Read(ref reader).TryGetValue(out var input, out var failure))
            {
                return failure;
            }

            _inputs.Add(input);
            _readsRegions |= input.Region is not null;
            if (!_names.Add(input.Name))
            {
                return InferenceFailure.InvalidInput($"input '{input.Name}' is given twice");
            }
        }

        return null;
    }
}
