using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Caching;

/// <summary>
/// A row as it was asked: everything that its answer follows from, byte for byte. Two keys are the same only where all of it is, so that
/// an answer is never told to somebody who asked something else, whatever their hashes are.
/// </summary>
internal readonly struct RowKey : IEquatable<RowKey>
{
    private readonly int _hash;

    private RowKey(byte[] content)
    {
        Content = content;
        var hash = default(HashCode);
        hash.AddBytes(content);
        _hash = hash.ToHashCode();
    }

    public byte[] Content { get; }

    /// <summary>The key of a row.</summary>
    /// <param name="inputs">The row's inputs, in the order of the request.</param>
    /// <param name="outputs">The outputs that are wanted; null for all.</param>
    public static RowKey Of(IReadOnlyList<InputTensor> inputs, IReadOnlyList<string>? outputs)
    {
        var content = new ArrayBufferWriter<byte>((int)inputs.Sum(input => input.Data.Length) + 256);
        foreach (var output in outputs ?? [])
        {
            Write(content, output);
        }

        // No name is this long, so that outputs and inputs cannot run into one another.
        Write(content, -1);

        // The order in which inputs are named does not matter to the graph.
        foreach (var input in inputs.Count == 1 ? inputs : [.. inputs.OrderBy(input => input.Name, StringComparer.Ordinal)])
        {
            Write(content, input.Name);
            Write(content, (int)input.Type);
            Write(content, input.Shape.Rank);
            foreach (var extent in input.Shape.Dims)
            {
                Write(content, extent);
            }

            foreach (var segment in input.Data)
            {
                content.Write(segment.Span);
            }
        }

        return new RowKey(content.WrittenSpan.ToArray());
    }

    public bool Equals(RowKey other) => _hash == other._hash && Content.AsSpan().SequenceEqual(other.Content);

    public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

    public override int GetHashCode() => _hash;

    private static void Write(ArrayBufferWriter<byte> to, string text)
    {
        Write(to, Encoding.UTF8.GetByteCount(text));
        to.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Write(ArrayBufferWriter<byte> to, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(sizeof(long)), number);
        to.Advance(sizeof(long));
    }
}
