using System.Buffers;
using Serving.Contracts.Inference;
using Serving.Fuzz.Engine;
using Serving.Server.Grpc.Infer;
using InferInputTensor = Serving.Contracts.Inference.ModelInferRequest.Types.InferInputTensor;

namespace Serving.Fuzz.Reference;

/// <summary>Holds what the scanner read against what the generated parser read.</summary>
internal static class RequestComparison
{
    public static void Check(byte[] input, ModelInferRequest expected, ScannedRequest actual)
    {
        Finding.Unless(expected.ModelName == actual.ModelName, "model_name differs");
        Finding.Unless(expected.ModelVersion == actual.ModelVersion, "model_version differs");
        Finding.Unless(expected.Id == actual.Id, "id differs");
        Finding.Unless(expected.Outputs.Select(output => output.Name).SequenceEqual(actual.Outputs ?? []), "outputs differ");
        Check(expected.Parameters.GetValueOrDefault("timeout"), actual.Timeout);
        Check(expected.Parameters.GetValueOrDefault("priority"), actual.Priority);
        Finding.Unless(expected.RawInputContents.Count == actual.RawContents.Count, "the number of raw_input_contents differs");
        for (var i = 0; i < actual.RawContents.Count; i++)
        {
            Finding.Unless(Equal(expected.RawInputContents[i].Span, actual.RawContents[i]), "raw_input_contents differ");
        }

        Finding.Unless(expected.Inputs.Count == actual.Inputs.Count, "the number of inputs differs");
        for (var i = 0; i < actual.Inputs.Count; i++)
        {
            Check(input, expected.Inputs[i], actual.Inputs[i]);
        }
    }

    private static void Check(byte[] input, InferInputTensor expected, in ScannedInput actual)
    {
        Finding.Unless(expected.Name == actual.Name, "an input's name differs");
        Finding.Unless(expected.Datatype == actual.Datatype, "an input's datatype differs");
        Finding.Unless(expected.Shape.SequenceEqual(actual.Shape), "an input's shape differs");
        Finding.Unless((expected.Contents is not null) == actual.HasContents, "whether an input has contents differs");
        if (expected.Contents is not null)
        {
            ContentsComparison.Check(input, expected, actual);
        }
    }

    private static void Check(InferParameter? expected, ParameterValue? actual)
    {
        var text = expected?.ParameterChoiceCase switch
        {
            null => null,
            InferParameter.ParameterChoiceOneofCase.None => "nothing",
            InferParameter.ParameterChoiceOneofCase.BoolParam => expected.BoolParam ? "true" : "false",
            InferParameter.ParameterChoiceOneofCase.Int64Param => FormattableString.Invariant($"{expected.Int64Param}"),
            InferParameter.ParameterChoiceOneofCase.Uint64Param => FormattableString.Invariant($"{expected.Uint64Param}"),
            InferParameter.ParameterChoiceOneofCase.DoubleParam => FormattableString.Invariant($"{expected.DoubleParam}"),
            _ => $"'{expected.StringParam}'",
        };
        Finding.Unless(text == actual?.ToString(), "a parameter differs");
    }

    private static bool Equal(ReadOnlySpan<byte> expected, in ReadOnlySequence<byte> actual)
    {
        if (expected.Length != actual.Length)
        {
            return false;
        }

        foreach (var piece in actual)
        {
            if (!expected.StartsWith(piece.Span))
            {
                return false;
            }

            expected = expected[piece.Length..];
        }

        return true;
    }
}
