using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Counts what the typed contents of an input hold, before memory is rented for it.</summary>
internal struct ContentsTally(ContentsField expected)
{
    /// <summary>Elements in the expected field.</summary>
    public long Elements { get; private set; }

    /// <summary>Bytes of the byte strings among them, with their prefixes.</summary>
    public long StringBytes { get; private set; }

    /// <summary>Another field that holds elements too.</summary>
    public ContentsField Unexpected { get; private set; }

    /// <summary>Adds a piece of the contents; false where it is malformed.</summary>
    public bool TryAdd(in ReadOnlySequence<byte> contents)
    {
        var walker = new ContentsWalker(contents);
        while (walker.MoveNext())
        {
            var count = Count(ref walker);
            if (count < 0)
            {
                return false;
            }

            if (walker.Field == expected)
            {
                Elements += count;
                StringBytes += expected == ContentsField.Bytes ? sizeof(uint) + walker.Bytes.Length : 0;
            }
            else if (count > 0)
            {
                Unexpected = walker.Field;
            }
        }

        return !walker.IsMalformed;
    }

    /// <summary>The elements of the current field; -1 where a run does not consist of whole ones.</summary>
    private static long Count(ref ContentsWalker walker)
    {
        if (!walker.IsPacked)
        {
            return 1;
        }

        var size = walker.Field switch
        {
            ContentsField.Fp32 => sizeof(float),
            ContentsField.Fp64 => sizeof(double),
            _ => 0,
        };
        if (size == 0)
        {
            return PackedVarints.Count(walker.Bytes);
        }

        return walker.Bytes.Length % size == 0 ? walker.Bytes.Length / size : -1;
    }
}
