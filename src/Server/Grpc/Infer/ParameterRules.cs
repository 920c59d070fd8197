using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>Which types the protocol's own parameters have.</summary>
internal static class ParameterRules
{
    /// <summary>Null, or what is wrong with a parameter of a request. Those without a meaning here may be anything.</summary>
    public static InferenceFailure? Check(string key, in ParameterValue value) => key switch
    {
        // A model that answers each request by itself has no use for sequences, but their clients may call it all the same.
        "sequence_id" when value.Kind is not (ParameterKind.Int64 or ParameterKind.UInt64 or ParameterKind.String) =>
            Wrong(key, "the request", "int64_param, uint64_param or string_param"),
        "sequence_start" or "sequence_end" when value.Kind != ParameterKind.Bool => Wrong(key, "the request", "bool_param"),
        "triton_enable_empty_final_response" when value.Kind != ParameterKind.Bool => Wrong(key, "the request", "bool_param"),
        "triton_enable_empty_final_response" => null,
        _ when key.StartsWith("triton_", StringComparison.Ordinal) => InferenceFailure.InvalidInput(
            $"parameter '{key}' is reserved: names that start with 'triton_' are not for clients, except triton_enable_empty_final_response"),
        _ => null,
    };

    /// <summary>Whether a parameter of a request has its meaning from the protocol, and is not one of the model's.</summary>
    public static bool IsOfProtocol(string key) =>
        key is "timeout" or "priority" or "sequence_id" or "sequence_start" or "sequence_end" or "headers" or "binary_data_output" || key.StartsWith("triton_", StringComparison.Ordinal);

    public static InferenceFailure Wrong(string key, string where, string expected) =>
        InferenceFailure.InvalidInput($"invalid value type for '{key}' parameter of {where}, expected {expected}");
}
