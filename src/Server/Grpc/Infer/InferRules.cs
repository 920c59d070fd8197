using System.Runtime.InteropServices;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>What a ModelInferRequest must keep to beyond being well formed. The engine checks the rest: names, types, shapes, sizes.</summary>
internal static class InferRules
{
    /// <summary>Longer timeouts are as good as none, and longer numbers of microseconds would not fit a TimeSpan.</summary>
    private static readonly long LongestTimeout = (long)TimeSpan.FromDays(365).TotalMicroseconds;

    public static InferenceFailure? Check(ScannedRequest request)
    {
        if (request.ReservedParameter is { } reserved)
        {
            return InferenceFailure.InvalidInput(
                $"parameter '{reserved}' is reserved: names that start with 'triton_' are not for clients, except triton_enable_empty_final_response");
        }

        if (request.UnsupportedOutput is { } unsupported)
        {
            return InferenceFailure.Unsupported(unsupported);
        }

        foreach (ref readonly var input in CollectionsMarshal.AsSpan(request.Inputs))
        {
            if (Check(request, input) is { } failure)
            {
                return failure;
            }
        }

        return request.RawContents.Count == 0 || request.RawContents.Count == request.Inputs.Count
            ? null
            : InferenceFailure.InvalidInput(
                $"expected one entry of raw_input_contents for each input of the request for model '{request.ModelName}': "
                + $"it has {request.Inputs.Count} inputs and {request.RawContents.Count} entries");
    }

    /// <summary>The parameter <c>timeout</c>; null where it is not set.</summary>
    public static InferenceFailure? TryGetTimeout(ScannedRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (request.Timeout is not { } value)
        {
            return null;
        }

        if (!value.TryGetCount(out var microseconds))
        {
            return InferenceFailure.InvalidInput($"parameter 'timeout' is {value}; expected a whole number of microseconds, not negative");
        }

        timeout = microseconds == 0 ? null : TimeSpan.FromMicroseconds(Math.Min(microseconds, LongestTimeout));
        return null;
    }

    /// <summary>The parameter <c>priority</c>; 0 where it is not set.</summary>
    public static InferenceFailure? TryGetPriority(ScannedRequest request, out int priority)
    {
        priority = 0;
        if (request.Priority is not { } value)
        {
            return null;
        }

        // An unsigned number beyond 2^63 is as little urgent as any.
        if (!value.TryGetCount(out var number) && value.Kind != ParameterKind.UInt64)
        {
            return InferenceFailure.InvalidInput($"parameter 'priority' is {value}; expected a whole number, not negative");
        }

        priority = number is < 0 or > int.MaxValue ? int.MaxValue : (int)number;
        return null;
    }

    public static InferenceFailure NoData(string input, string model) =>
        InferenceFailure.InvalidInput($"unable to find data for input tensor '{input}' for model '{model}' in request");

    private static InferenceFailure? Check(ScannedRequest request, in ScannedInput input)
    {
        if (input.SharedMemoryRegion is { } region)
        {
            return InferenceFailure.Unsupported(
                $"input '{input.Name}' lies in shared memory region {region}, which this server does not offer; send its data in raw_input_contents");
        }

        return input.HasContents && request.RawContents.Count > 0
            ? InferenceFailure.InvalidInput(
                $"contents field must not be specified when using raw_input_contents for '{input.Name}' for model '{request.ModelName}'")
            : null;
    }
}
