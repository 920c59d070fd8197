using System.Buffers;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>
/// Reads a ModelInferRequest without copying its data. Accepts whatever protobuf's own parsers accept: fields in any order,
/// repeated, packed or not, unknown fields and groups.
/// </summary>
internal static class ModelInferScanner
{
    /// <summary>
    /// No model has as many inputs; without a bound, a message of empty entries would cost many times its own length in memory.
    /// </summary>
    private const int MostEntries = 4096;

    private enum Field
    {
        ModelName = 1,
        ModelVersion = 2,
        Id = 3,
        Parameters = 4,
        Inputs = 5,
        Outputs = 6,
        RawInputContents = 7,
    }

    public static Outcome<ScannedRequest> Scan(in ReadOnlySequence<byte> message)
    {
        var request = new ScannedRequest();
        return Scan(message, request) is { } failure ? failure : request;
    }

    /// <summary>Fills an empty request in; or says why it cannot, and leaves it half filled.</summary>
    public static InferenceFailure? Scan(in ReadOnlySequence<byte> message, ScannedRequest request)
    {
        var reader = new WireReader(message);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return Malformed("a field's tag");
            }

            var known = type == WireType.Length && field is >= (int)Field.ModelName and <= (int)Field.RawInputContents;
            if (!known)
            {
                if (!reader.TrySkip(field, type))
                {
                    return Malformed($"unknown field {field}");
                }

                continue;
            }

            if (!reader.TryReadBytes(out var value))
            {
                return Malformed($"the length of {Name((Field)field)}");
            }

            if (!TryScan(request, (Field)field, value))
            {
                return Malformed(Where(request, (Field)field));
            }

            if (request.Inputs.Count > MostEntries || request.RawContents.Count > MostEntries || request.Outputs?.Count > MostEntries
                || request.Parameters?.Count > MostEntries)
            {
                return InferenceFailure.InvalidInput($"the request has more than {MostEntries} entries in {Name((Field)field)}");
            }
        }

        return null;
    }

    private static bool TryScan(ScannedRequest request, Field field, in ReadOnlySequence<byte> value)
    {
        string text;
        switch (field)
        {
            case Field.ModelName:
                return NameText.TryDecode(value, out text) && (request.ModelName = text) is not null;
            case Field.ModelVersion:
                return NameText.TryDecode(value, out text) && (request.ModelVersion = text) is not null;
            case Field.Id:
                return WireText.TryDecode(value, out text) && (request.Id = text) is not null;
            case Field.Parameters:
                return TryScanParameter(request, value);
            case Field.Inputs:
                if (!InputScanner.TryScan(value, MostEntries, request.ShapeBefore(request.Inputs.Count), out var input))
                {
                    return false;
                }

                request.Inputs.Add(input);
                return true;
            case Field.Outputs:
                return OutputScanner.TryScan(request, value);
            default:
                request.RawContents.Add(value);
                return true;
        }
    }

    private static bool TryScanParameter(ScannedRequest request, in ReadOnlySequence<byte> entry)
    {
        if (!ParameterScanner.TryScan(entry, out var key, out var value))
        {
            return false;
        }

        switch (key)
        {
            case "timeout":
                request.Timeout = value;
                break;
            case "priority":
                request.Priority = value;
                break;
            default:
                request.WrongParameter ??= ParameterRules.Check(key, value);
                if (!ParameterRules.IsOfProtocol(key))
                {
                    (request.Parameters ??= [])[key] = value.ToJson();
                }

                break;
        }

        return true;
    }

    private static string Name(Field field) => field switch
    {
        Field.ModelName => "model_name",
        Field.ModelVersion => "model_version",
        Field.Id => "id",
        Field.Parameters => "parameters",
        Field.Inputs => "inputs",
        Field.Outputs => "outputs",
        _ => "raw_input_contents",
    };

    private static string Where(ScannedRequest request, Field field) => field switch
    {
        Field.Inputs => $"inputs[{request.Inputs.Count}]",
        Field.Outputs => $"outputs[{request.Outputs?.Count ?? 0}]",
        Field.Parameters => "an entry of parameters",
        _ => $"{Name(field)}, which must be valid UTF-8 of moderate length",
    };

    private static InferenceFailure Malformed(string where) =>
        InferenceFailure.InvalidInput($"the request is not a valid ModelInferRequest: malformed or cut off in {where}");
}
