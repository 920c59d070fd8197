using System.Buffers;
using System.Text.Json;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>A ModelInferRequest as the message has it, before it is known whether it makes sense. Data are slices of the message.</summary>
internal sealed class ScannedRequest
{
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

    /// <summary>Makes it empty, to scan another message.</summary>
    public void Clear()
    {
        (ModelName, ModelVersion, Id) = ("", "", "");
        (Timeout, Priority, WrongParameter) = (null, null, null);
        (Outputs, Demands, Parameters) = (null, null, null);
        Inputs.Clear();
        RawContents.Clear();
    }
}
