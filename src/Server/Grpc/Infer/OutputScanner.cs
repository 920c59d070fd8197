using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Reads an InferRequestedOutputTensor.</summary>
internal static class OutputScanner
{
    private const int NameField = 1;
    private const int ParametersField = 2;

    public static bool TryScan(ScannedRequest request, in ReadOnlySequence<byte> message)
    {
        var name = "";
        string? unsupported = null;
        var reader = new WireReader(message);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var known = type == WireType.Length && field is NameField or ParametersField;
            if (!(known ? TryReadPart(ref reader, field, ref name, ref unsupported) : reader.TrySkip(field, type)))
            {
                return false;
            }
        }

        (request.Outputs ??= []).Add(name);
        request.UnsupportedOutput ??= unsupported is null
            ? null
            : $"output '{name}' asks for {unsupported}, which this server does not offer; outputs are sent in raw_output_contents";
        return true;
    }

    private static bool TryReadPart(ref WireReader reader, int field, ref string name, ref string? unsupported)
    {
        if (!reader.TryReadBytes(out var bytes))
        {
            return false;
        }

        if (field == NameField)
        {
            return WireText.TryDecode(bytes, out name);
        }

        if (!ParameterScanner.TryScan(bytes, out var key, out var value))
        {
            return false;
        }

        unsupported ??= key switch
        {
            "shared_memory_region" => $"shared memory region {value}",
            "classification" when value is not { Kind: ParameterKind.Int64 or ParameterKind.UInt64, Bits: 0 } => "classification",
            _ => null,
        };
        return true;
    }
}
