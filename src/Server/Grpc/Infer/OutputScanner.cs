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
        ParameterValue? classification = null;
        var region = default(RegionParameters);
        var reader = new WireReader(message);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var read = type != WireType.Length ? reader.TrySkip(field, type) : field switch
            {
                NameField => reader.TryReadBytes(out var text) && NameText.TryDecode(text, out name),
                ParametersField => TryReadParameter(ref reader, ref classification, ref region),
                _ => reader.TrySkip(field, type),
            };
            if (!read)
            {
                return false;
            }
        }

        (request.Outputs ??= []).Add(name);
        if (classification is not null || !region.IsEmpty)
        {
            (request.Demands ??= []).Add(new ScannedDemand(name, classification, region));
        }

        return true;
    }

    private static bool TryReadParameter(ref WireReader reader, ref ParameterValue? classification, ref RegionParameters region)
    {
        if (!reader.TryReadBytes(out var bytes) || !ParameterScanner.TryScan(bytes, out var key, out var value))
        {
            return false;
        }

        region.Set(key, value);
        classification = key == "classification" ? value : classification;
        return true;
    }
}
