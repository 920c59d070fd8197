using System.Buffers;
using System.Text.Json;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>A ModelInferRequest as the message has it, before it is known whether it makes sense. Data are slices of the message.</summary>
internal sealed class ScannedRequest
{
    /// <summary>More inputs, or longer shapes, are not kept from one message for the next. Arbitrary: hardly a model has more.</summary>
    private const int MostBefore = 16;

    private const int LongestBefore = 16;

    private readonly List<long[]> _before = new(1);

    public string ModelName { get; set; } = "";

    public string ModelVersion { get; set; } = "";

    public string Id { get; set; } = "";

    /// <summary>The parameter <c>timeout</c>, in microseconds.</summary>
    public ParameterValue? Timeout { get; set; }

    /// <summary>The parameter <c>priority</c>.</summary>
    public ParameterValue? Priority { get; set; }

    /// <summary>The parameters that are not the protocol's own; null where there are none.</summary>
    public Dictionary<string, JsonElement>? Parameters { get; set; }

    /// <summary>What is wrong with the first parameter that is not as it should be; null where none is.</summary>
    public InferenceFailure? WrongParameter { get; set; }

    public List<ScannedInput> Inputs { get; } = new(1);

    /// <summary>The names of the outputs asked for; null for all.</summary>
    public List<string>? Outputs { get; set; }

    /// <summary>What is wanted of single outputs; null where nothing.</summary>
    public List<ScannedDemand>? Demands { get; set; }

    public List<ReadOnlySequence<byte>> RawContents { get; } = new(1);

    /// <summary>The shape that an input had in the message before, which it probably has again.</summary>
    public long[] ShapeBefore(int input) => input < _before.Count ? _before[input] : [];

    /// <summary>Makes it empty, to scan another message.</summary>
    public void Clear()
    {
        (ModelName, ModelVersion, Id) = ("", "", "");
        (Timeout, Priority, WrongParameter) = (null, null, null);
        (Outputs, Demands, Parameters) = (null, null, null);
        if (Inputs.Count > 0)
        {
            _before.Clear();
            for (var i = 0; i < Math.Min(Inputs.Count, MostBefore); i++)
            {
                _before.Add(Inputs[i].Shape.Length <= LongestBefore ? Inputs[i].Shape : []);
            }
        }

        Inputs.Clear();
        RawContents.Clear();
    }
}
