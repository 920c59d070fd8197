using System.Buffers;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>The inputs of a request as they are read. Owns the blocks of their data.</summary>
internal sealed class RequestInputs : IDisposable
{
    private readonly List<PooledBufferWriter> _blocks = [];
    private readonly List<InputTensor> _tensors = [];

    public IReadOnlyList<InputTensor> Tensors => _tensors;

    /// <summary>The names of a model's inputs, for error texts.</summary>
    public static string Names(ModelMetadata model) => string.Join(", ", model.Inputs.Select(input => $"'{input.Name}'"));

    public bool Has(string name) => _tensors.Exists(tensor => tensor.Name == name);

    /// <summary>Takes an input over, and its block with it.</summary>
    public void Add(string name, ElementType type, TensorShape shape, PooledBufferWriter block)
    {
        _blocks.Add(block);
        _tensors.Add(new InputTensor(name, type, shape, new ReadOnlySequence<byte>(block.WrittenMemory)));
    }

    /// <summary>Reads the whole of an input, its rows included, from the value that the reader stands on. Null, or what is wrong.</summary>
    public InferenceFailure? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TensorSignature signature)
    {
        Span<long> dims = stackalloc long[NestedShape.MaxRank];
        dims.Clear();
        var rank = NestedShape.Measure(ref reader, json, dims);
        var shape = new TensorShape(dims[..rank].ToArray());
        if (reader.TokenType == JsonTokenType.StartArray && signature.Type != ElementType.Bytes)
        {
            if (!TensorDataReader.Read(ref reader, json, signature.Name, signature.Type, shape).TryGetValue(out var elements, out var unreadable))
            {
                return unreadable;
            }

            Add(signature.Name, signature.Type, shape, elements);
            return null;
        }

        var block = new PooledBufferWriter(0);
        _blocks.Add(block);
        var failure = ValueReader.Append(ref reader, json, signature, shape, block);
        if (failure is null)
        {
            _tensors.Add(new InputTensor(signature.Name, signature.Type, shape, new ReadOnlySequence<byte>(block.WrittenMemory)));
        }

        return failure;
    }

    /// <summary>Null, or which of the model's inputs the request lacks.</summary>
    public InferenceFailure? FindMissing(ModelMetadata model)
    {
        foreach (var input in model.Inputs)
        {
            if (!input.Optional && !Has(input.Name))
            {
                return InferenceFailure.InvalidInput($"the request lacks input '{input.Name}' of model '{model.Name}'; its inputs are {Names(model)}");
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
        _tensors.Clear();
    }
}
