using System.Collections.Immutable;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>input</c> and <c>output</c>.</summary>
internal sealed class TritonTensorReader
{
    private static readonly ElementType?[] Types =
    [
        null, ElementType.Bool, ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64, ElementType.Int8, ElementType.Int16,
        ElementType.Int32, ElementType.Int64, ElementType.Float16, ElementType.Float32, ElementType.Float64, ElementType.Bytes, ElementType.BFloat16,
    ];

    private readonly TritonNotes _notes;
    private readonly bool _hasBatchAxis;

    /// <param name="notes">Where errors go.</param>
    /// <param name="hasBatchAxis">Whether the extents given leave the batch axis out.</param>
    public TritonTensorReader(TritonNotes notes, bool hasBatchAxis)
    {
        _notes = notes;
        _hasBatchAxis = hasBatchAxis;
    }

    public ImmutableArray<DeclaredTensor> Read(PbtxtNode.Message root, string field)
    {
        var tensors = ImmutableArray.CreateBuilder<DeclaredTensor>();
        foreach (var message in root.Messages(field))
        {
            var name = PbtxtValues.Text(message.One("name")) ?? "";
            if (name.Length == 0)
            {
                _notes.Errors.Add(message.At, $"{field}.name", "the name is missing");
            }
            else if (tensors.Any(t => t.Name == name))
            {
                _notes.Errors.Add(message.At, $"{field}.name", $"{ConfigErrors.Quote(name)} is given twice");
            }

            var format = (TensorFormat)(PbtxtValues.Enumerator(message.One("format"), TritonFields.Formats) ?? 0);
            tensors.Add(new DeclaredTensor(name, ReadType(message, field), ReadDims(message, field), format));
        }

        return tensors.ToImmutable();
    }

    private ElementType? ReadType(PbtxtNode.Message message, string field)
    {
        var node = message.One("data_type");
        if (PbtxtValues.Enumerator(node, TritonFields.DataTypes) is not { } number)
        {
            return null;
        }

        if (Types[number] is null)
        {
            _notes.Refuse(node!, $"{field}.data_type", string.Join(", ", TritonFields.DataTypes.Skip(1)));
        }

        return Types[number];
    }

    private ImmutableArray<long> ReadDims(PbtxtNode.Message message, string field)
    {
        var dims = ImmutableArray.CreateBuilder<long>();
        foreach (var node in message.All("dims"))
        {
            var dim = PbtxtValues.Integer(node) ?? -1;
            if (dim is 0 or < -1)
            {
                _notes.Refuse(node, $"{field}.dims", "an extent of at least 1, or -1 where it varies");
            }

            dims.Add(dim);
        }

        if (dims.Count == 0)
        {
            return default;
        }

        return _hasBatchAxis ? [-1, .. dims] : dims.ToImmutable();
    }
}
