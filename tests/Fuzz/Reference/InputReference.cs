using System.Buffers.Binary;
using System.Text.Json;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Reference;

/// <summary>One entry of <c>inputs</c>.</summary>
internal sealed class InputReference
{
    private const int MostAxes = 64;

    private readonly List<byte> _bytes = [];
    private ElementType? _type;
    private TensorShape? _shape;
    private JsonElement? _data;

    private InputReference()
    {
    }

    public Judgement Judgement { get; private set; }

    public string? Name { get; private set; }

    /// <summary>The bytes announced behind the JSON.</summary>
    public ulong? BinarySize { get; private set; }

    /// <summary>Whether it has parameters whose meaning is not known here.</summary>
    public bool HasOtherParameters { get; private set; }

    /// <summary>Whether type, shape and bytes are known.</summary>
    public bool IsComplete => Judgement != Judgement.Invalid && !HasOtherParameters;

    public ElementType Type => _type!.Value;

    public TensorShape Shape => _shape!.Value;

    /// <summary>What the engine should be given.</summary>
    public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);

    public static InputReference Read(JsonElement element)
    {
        var input = new InputReference();
        if (element.ValueKind != JsonValueKind.Object)
        {
            input.Judge(Judgement.Invalid);
            return input;
        }

        foreach (var group in InferReference.Properties(element).GroupBy(property => property.Name, property => property.Value))
        {
            input.ReadField(group.Key, [.. group]);
        }

        input.Complete();
        return input;
    }

    /// <summary>Takes the bytes behind the JSON.</summary>
    public Judgement TakeBinary(ReadOnlySpan<byte> binary)
    {
        _bytes.AddRange(binary);
        if (!IsComplete || !Shape.TryCountElements(out var count))
        {
            return Judgement.Invalid;
        }

        var isValid = Type == ElementType.Bytes
            ? CountTexts(binary) == count
            : (Int128)count * Type.Size() == binary.Length && (Type != ElementType.Bool || !binary.ContainsAnyExceptInRange((byte)0, (byte)1));
        return isValid ? Judgement.Valid : Judgement.Invalid;
    }

    private void Judge(Judgement judgement) => Judgement = DataReference.Worse(Judgement, judgement);

    private void Require(bool isValid) => Judge(isValid ? Judgement.Valid : Judgement.Invalid);

    private void ReadField(string name, JsonElement[] values)
    {
        switch (name)
        {
            case "name":
                Name = values[0].ValueKind == JsonValueKind.String ? ElementReference.Text(values[0]) : null;
                Require(values.Length == 1 && Name is not null);
                break;
            case "datatype":
                var isType = values[0].ValueKind == JsonValueKind.String && ElementTypes.TryParse(ElementReference.Text(values[0]), out var type);
                _type = isType ? Enum.GetValues<ElementType>().Single(t => t.Name() == values[0].GetString()) : null;
                Require(values.Length == 1 && isType);
                break;
            case "shape":
                _shape = ReadShape(values[0]);
                Require(values.Length == 1 && _shape is not null);
                break;
            case "data":
                var given = values.Where(value => value.ValueKind != JsonValueKind.Null).ToArray();
                _data = given.Length > 0 ? given[0] : null;
                Require(given.Length <= 1);
                break;
            case "parameters":
                ReadParameters(values);
                break;
        }
    }

    private static TensorShape? ReadShape(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MostAxes)
        {
            return null;
        }

        List<long> dims = [];
        foreach (var axis in element.EnumerateArray())
        {
            if (axis.ValueKind != JsonValueKind.Number || !axis.TryGetInt64(out var dim) || dim < 0)
            {
                return null;
            }

            dims.Add(dim);
        }

        return new TensorShape([.. dims]);
    }

    private void ReadParameters(JsonElement[] values)
    {
        if (values is [{ ValueKind: JsonValueKind.Null }])
        {
            return;
        }

        if (values is [{ ValueKind: JsonValueKind.Object } parameters]
            && parameters.EnumerateObject().Count() == 1 && InferReference.Properties(parameters).ToArray() is [("binary_data_size", var value)])
        {
            BinarySize = value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var size) ? size : null;
            Require(BinarySize is not null);
            return;
        }

        HasOtherParameters = true;
        Judge(Judgement.Unknown);
    }

    private void Complete()
    {
        Require(Name is not null && _type is not null && _shape is not null);
        if (Judgement == Judgement.Invalid || HasOtherParameters)
        {
            return;
        }

        Require((_data is null) != (BinarySize is null));
        if (_data is { } data)
        {
            Judge(DataReference.Read(data, Type, Shape, _bytes));
        }
    }

    private static long CountTexts(ReadOnlySpan<byte> binary)
    {
        var count = 0L;
        for (; !binary.IsEmpty; count++)
        {
            if (binary.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(binary) is var length && length > binary.Length - 4)
            {
                return -1;
            }

            binary = binary[(4 + (int)BinaryPrimitives.ReadUInt32LittleEndian(binary))..];
        }

        return count;
    }
}
