using Serving.Runtime.Tensors;

namespace Serving.Runtime.Graphs;

/// <summary>What an ONNX file says about itself, without its weights.</summary>
internal sealed record OnnxGraph
{
    public required string Name { get; init; }

    public required string Producer { get; init; }

    public required long IrVersion { get; init; }

    /// <summary>Operator set versions by domain; the default domain is the empty string.</summary>
    public required IReadOnlyDictionary<string, long> OperatorSets { get; init; }

    /// <summary>Inputs that a request gives, in the graph's order; one with a default value is optional.</summary>
    public required IReadOnlyList<TensorSignature> Inputs { get; init; }

    public required IReadOnlyList<TensorSignature> Outputs { get; init; }

    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>The model's own functions by domain and name; those of one name are overloads.</summary>
    public required ILookup<(string Domain, string Name), OnnxBody> Functions { get; init; }

    /// <summary>The extents of each weight.</summary>
    public required IReadOnlyDictionary<string, long[]> Initializers { get; init; }

    /// <summary>Weights that lie in files beside the model.</summary>
    public required IReadOnlyList<ExternalTensor> ExternalData { get; init; }

    /// <summary>Free metadata that the exporter left.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}
