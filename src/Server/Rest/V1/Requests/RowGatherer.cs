using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Gathers rows of named values into one tensor for each name. Owns them until <see cref="MoveTo"/>.</summary>
internal sealed class RowGatherer : IDisposable
{
    private readonly ModelMetadata _model;
    private readonly string _list;
    private readonly TensorColumn[] _columns;
    private readonly byte[][] _names;
    private int _expected;

    /// <param name="model">The model whose inputs the names are.</param>
    /// <param name="list">What the rows are called in the request.</param>
    /// <param name="asFeatures">Whether values are the flat lists of examples.</param>
    public RowGatherer(ModelMetadata model, string list, bool asFeatures)
    {
        _model = model;
        _list = list;
        _columns = [.. model.Inputs.Select(input => new TensorColumn(input, asFeatures))];
        _names = [.. model.Inputs.Select(input => Encoding.UTF8.GetBytes(input.Name))];
    }

    /// <summary>How many rows were read.</summary>
    public int Rows { get; private set; }

    private string Where => $"{_list}[{Rows}]";

    /// <summary>Reads the array of rows that the reader stands on. Null, or what is wrong.</summary>
    public InferenceFailure? ReadAll(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadRow(ref reader, json) is { } failure)
            {
                return failure;
            }
        }

        return Rows > 0 ? null : InferenceFailure.InvalidInput($"No values in '{_list}' array");
    }

    /// <summary>Reads the object that the reader stands on as one more row. Null, or what is wrong.</summary>
    public InferenceFailure? ReadRow(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput($"{Where} must be an object of inputs and their values");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (ReadValue(ref reader, json) is { } failure)
            {
                return failure with { Message = $"{Where}: {failure.Message}" };
            }
        }

        foreach (var column in _columns)
        {
            if (column.Rows > 0 && column.Rows != Rows + 1)
            {
                return InferenceFailure.InvalidInput($"{Where} lacks input '{column.Input.Name}', which the rows before have");
            }
        }

        Rows++;
        return null;
    }

    /// <summary>Hands the tensors over, each row so many times. Null, or why that cannot be.</summary>
    public InferenceFailure? MoveTo(RequestInputs inputs, int times, long limit)
    {
        foreach (var column in _columns)
        {
            if (column.Rows > 0 && inputs.Has(column.Input.Name))
            {
                return InferenceFailure.InvalidInput($"input '{column.Input.Name}' is given both in 'context' and in 'examples'");
            }

            if (column.MoveTo(inputs, times, limit) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var column in _columns)
        {
            column.Dispose();
        }
    }

    private InferenceFailure? ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var index = Find(ref reader);
        if (index < 0)
        {
            JsonText.TryGetString(ref reader, out var name);
            return InferenceFailure.InvalidInput($"'{name}' is no input of model '{_model.Name}'; its inputs are {RequestInputs.Names(_model)}");
        }

        var column = _columns[index];
        if (column.Rows != Rows)
        {
            return InferenceFailure.InvalidInput(column.Rows > Rows
                ? $"input '{column.Input.Name}' is given twice"
                : $"input '{column.Input.Name}' is given here and not in the rows before");
        }

        reader.Read();
        return column.Append(ref reader, json);
    }

    /// <summary>The input of the name that the reader stands on, or -1. Names mostly come in the same order in every row.</summary>
    private int Find(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            var index = (_expected + i) % _names.Length;
            if (JsonText.NameIs(ref reader, _names[index]))
            {
                _expected = index + 1;
                return index;
            }
        }

        return -1;
    }
}
