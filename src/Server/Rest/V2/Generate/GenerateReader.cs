using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Rest.V2.Generate;

/// <summary>
/// Reads the flat JSON of a generate request. Keys that are inputs of the model become tensors, also within <c>parameters</c>; all
/// others are parameters, which must be scalars and which only tasks take. Owns the blocks until they are handed over.
/// </summary>
internal sealed class GenerateReader(ModelMetadata model) : IDisposable
{
    private const string ParametersKey = "parameters";

    private readonly List<InputTensor> _inputs = [];
    private List<PooledBufferWriter> _blocks = [];
    private Dictionary<string, JsonElement>? _parameters;
    private string? _id;

    public static Outcome<GenerateRequest> Read(ReadOnlySpan<byte> body, ModelMetadata model, InferTarget target)
    {
        // The reader checks no UTF-8, and texts that are none would throw when they are read.
        if (!Utf8.IsValid(body))
        {
            return InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }

        using var reader = new GenerateReader(model);
        try
        {
            return reader.ReadRequest(body) is { } failure ? failure : reader.Complete(target);
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {JsonText.DescribeMalformed(body, exception)}");
        }
    }

    public void Dispose() => _blocks.ForEach(block => block.Dispose());

    private GenerateRequest Complete(InferTarget target)
    {
        var blocks = _blocks;
        _blocks = [];
        return new GenerateRequest(
            new InferenceRequest
            {
                ModelName = target.Model,
                ModelVersion = target.Version,
                Id = _id,
                Inputs = _inputs,
                Parameters = _parameters,
                Deadline = target.Deadline(null),
                Received = target.Received,
                Priority = target.Headers.Priority,
                Tenant = target.Headers.Tenant,
            },
            blocks);
    }

    private InferenceFailure? ReadRequest(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput("the request must be a JSON object");
        }

        var failure = ReadObject(ref reader, json, nested: false);
        if (failure is null)
        {
            // Throws where something follows the object.
            reader.Read();
        }

        return failure;
    }

    private InferenceFailure? ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, bool nested)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!JsonText.TryGetString(ref reader, out var name))
            {
                return InferenceFailure.InvalidInput("the request has a key that is not text");
            }

            reader.Read();
            var failure = !nested && name == ParametersKey && reader.TokenType == JsonTokenType.StartObject
                ? ReadObject(ref reader, json, nested: true)
                : ReadValue(ref reader, json, name, nested);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    private InferenceFailure? ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name, bool nested)
    {
        foreach (var input in model.Inputs)
        {
            if (input.Name == name)
            {
                return ReadInput(ref reader, json, input);
            }
        }

        if (!nested && name == "id")
        {
            return JsonValues.ReadString(ref reader, "id of the request", out _id);
        }

        var isScalar = reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;
        if (isScalar)
        {
            (_parameters ??= [])[name] = JsonElement.ParseValue(ref reader);
            return null;
        }

        return !nested && name == ParametersKey && reader.TokenType == JsonTokenType.Null
            ? null
            : InferenceFailure.InvalidInput(
                $"'{name}' is no input of model '{model.Name}', which has {string.Join(", ", model.Inputs.Select(input => $"'{input.Name}'"))}; "
                + "as a parameter it must be a string, a number or a boolean");
    }

    private InferenceFailure? ReadInput(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TensorSignature input)
    {
        if (_inputs.Any(read => read.Name == input.Name))
        {
            return InferenceFailure.InvalidInput($"input '{input.Name}' is given twice");
        }

        if (!TryCount(reader, out var isArray, out var count))
        {
            return InferenceFailure.InvalidInput($"input '{input.Name}' must be one value or a flat array of values");
        }

        if (GenerateShape.Fit(input, count) is not { } shape)
        {
            return InferenceFailure.InvalidInput(
                $"input '{input.Name}' has {count} elements, which do not fill the model's shape {input.Shape}");
        }

        // Written as it came, flat or alone; the shape that it has for the model holds as many elements.
        var written = isArray ? new TensorShape(count) : new TensorShape();
        if (!TensorDataReader.Read(ref reader, json, input.Name, input.Type, written).TryGetValue(out var block, out var failure))
        {
            return failure;
        }

        _blocks.Add(block);
        _inputs.Add(new InputTensor(input.Name, input.Type, shape, new ReadOnlySequence<byte>(block.WrittenMemory)));
        return null;
    }

    /// <summary>Counts on a copy of the reader, which stays where it is.</summary>
    private static bool TryCount(Utf8JsonReader reader, out bool isArray, out long count)
    {
        isArray = reader.TokenType == JsonTokenType.StartArray;
        count = 1;
        if (!isArray)
        {
            return reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null);
        }

        for (count = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                return false;
            }
        }

        return true;
    }
}
