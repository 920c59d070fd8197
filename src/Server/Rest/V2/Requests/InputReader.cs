using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>
/// Reads one entry of <c>inputs</c>. Data that comes after name, shape and datatype is read as it stands; data that comes before
/// is skipped and read at the end, by a copy of the reader that stood there.
/// </summary>
internal ref struct InputReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly string _position;
    private string? _name;
    private ElementType? _type;
    private TensorShape? _shape;
    private InferParameters _parameters;
    private RegionReference? _region;
    private Utf8JsonReader _early;
    private bool _isEarly;
    private PooledBufferWriter? _data;

    /// <param name="json">The whole JSON that the reader reads.</param>
    /// <param name="index">The entry's position, for error texts.</param>
    public InputReader(ReadOnlySpan<byte> json, int index)
    {
        _json = json;
        _position = $"inputs[{index}]";
    }

    private readonly string Where => _name is null ? _position : $"input '{_name}'";

    /// <summary>Reads the object that the reader stands on. Nothing is left rented where it fails.</summary>
    public Outcome<RequestInput> Read(ref Utf8JsonReader reader)
    {
        var succeeded = false;
        try
        {
            var failure = ReadFields(ref reader) ?? Complete();
            succeeded = failure is null;
            return succeeded ? new RequestInput(_name!, _type!.Value, _shape!.Value, _parameters.BinaryDataSize, _data, _region) : failure!;
        }
        finally
        {
            if (!succeeded)
            {
                _data?.Dispose();
            }
        }
    }

    private InferenceFailure? ReadFields(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput($"{_position} must be an object");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var failure = ReadField(ref reader);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    private InferenceFailure? ReadField(ref Utf8JsonReader reader)
    {
        if (JsonText.NameIs(ref reader, "name"u8))
        {
            reader.Read();
            return _name is null ? JsonValues.ReadString(ref reader, $"name of {_position}", out _name) : Twice("name");
        }

        if (JsonText.NameIs(ref reader, "datatype"u8))
        {
            reader.Read();
            return _type is null ? JsonValues.ReadType(ref reader, Where, out _type) : Twice("datatype");
        }

        if (JsonText.NameIs(ref reader, "shape"u8))
        {
            reader.Read();
            return _shape is null ? JsonValues.ReadShape(ref reader, Where, out _shape) : Twice("shape");
        }

        if (JsonText.NameIs(ref reader, "parameters"u8))
        {
            reader.Read();
            return ParametersReader.Read(ref reader, Where, out _parameters);
        }

        var isData = JsonText.NameIs(ref reader, "data"u8);
        reader.Read();
        if (isData && reader.TokenType != JsonTokenType.Null)
        {
            return ReadData(ref reader);
        }

        reader.Skip();
        return null;
    }

    private InferenceFailure? ReadData(ref Utf8JsonReader reader)
    {
        if (_data is not null || _isEarly)
        {
            return Twice("data");
        }

        if (_name is null || _type is null || _shape is null)
        {
            _early = reader;
            _isEarly = true;
            ArrayEnd.Skip(ref reader, _json);
            return null;
        }

        return TensorDataReader.Read(ref reader, _json, _name, _type.Value, _shape.Value).TryGetValue(out _data, out var failure) ? null : failure;
    }

    private InferenceFailure? Complete()
    {
        var missing = _name is null ? "name" : _type is null ? "datatype" : _shape is null ? "shape" : null;
        if (missing is not null)
        {
            return InferenceFailure.InvalidInput($"{Where} has no {missing}");
        }

        if (_isEarly && !TensorDataReader.Read(ref _early, _json, _name!, _type!.Value, _shape!.Value).TryGetValue(out _data, out var failure))
        {
            return failure;
        }

        return CheckSource() ?? RegionReference.Read(Where, _parameters.Region, _parameters.RegionOffset, _parameters.RegionByteSize, out _region);
    }

    private readonly InferenceFailure Twice(string field) => InferenceFailure.InvalidInput($"{Where} has {field} twice");

    private readonly InferenceFailure? CheckSource()
    {
        var sources = (_data is null ? 0 : 1) + (_parameters.BinaryDataSize is null ? 0 : 1) + (_parameters.Region is null ? 0 : 1);
        return sources == 1 ? null : InferenceFailure.InvalidInput(
            $"{Where} must set exactly one of data, parameters.binary_data_size and parameters.shared_memory_region, got {sources}");
    }
}
