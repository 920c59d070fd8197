using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Reads an InferInputTensor.</summary>
internal static class InputScanner
{
    private enum Field
    {
        Name = 1,
        Datatype = 2,
        Shape = 3,
        Parameters = 4,
        Contents = 5,
    }

    /// <param name="message">The message.</param>
    /// <param name="mostContents">How often <c>contents</c> may come.</param>
    /// <param name="shape">The shape that it probably has.</param>
    /// <param name="input">What it says.</param>
    public static bool TryScan(in ReadOnlySequence<byte> message, int mostContents, long[] shape, out ScannedInput input)
    {
        input = new ScannedInput();
        var reader = new WireReader(message);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var read = (Field)field switch
            {
                Field.Shape when type is WireType.Varint or WireType.Length => ShapeScanner.TryAppend(ref reader, type, shape, ref input.Shape),
                _ when type != WireType.Length => reader.TrySkip(field, type),
                _ => reader.TryReadBytes(out var value) && TryScan(ref input, (Field)field, value),
            };
            if (!read || input.MoreContents?.Count > mostContents)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryScan(ref ScannedInput input, Field field, in ReadOnlySequence<byte> value)
    {
        switch (field)
        {
            case Field.Name:
                return NameText.TryDecode(value, out input.Name);
            case Field.Datatype:
                return DatatypeText.TryDecode(value, out input.Datatype);
            case Field.Parameters:
                if (!ParameterScanner.TryScan(value, out var key, out var parameter))
                {
                    return false;
                }

                input.Region.Set(key, parameter);
                return true;
            case Field.Contents:
                AddContents(ref input, value);
                return true;
            default:
                return true;
        }
    }

    /// <summary>A message sent twice is merged: its repeated fields are appended.</summary>
    private static void AddContents(ref ScannedInput input, in ReadOnlySequence<byte> value)
    {
        if (input.HasContents)
        {
            (input.MoreContents ??= []).Add(value);
        }
        else
        {
            input.HasContents = true;
            input.Contents = value;
        }
    }
}
