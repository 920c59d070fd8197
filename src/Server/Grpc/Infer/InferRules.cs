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
        if (request.WrongParameter is { } wrong)
        {
            return wrong;
        }

        var raw = 0;
        foreach (ref readonly var input in CollectionsMarshal.AsSpan(request.Inputs))
        {
            if (Check(request, input) is { } failure)
            {
                return failure;
            }

            raw += input.Region.HasRegion ? 0 : 1;
        }

        var outside = raw == request.Inputs.Count ? "" : " outside shared memory";
        return request.RawContents.Count == 0 || request.RawContents.Count == raw
            ? null
            : InferenceFailure.InvalidInput(
                $"expected one entry of raw_input_contents for each input{outside} of the request for model '{request.ModelName}': "
                + $"it has {raw} inputs{outside} and {request.RawContents.Count} entries");
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
        if (input.HasContents && input.Region.HasRegion)
        {
            return InferenceFailure.InvalidInput(
                $"contents field must not be specified when using shared memory for '{input.Name}' for model '{request.ModelName}'");
        }

        return input.HasContents && request.RawContents.Count > 0
            ? InferenceFailure.InvalidInput(
                $"contents field must not be specified when using raw_input_contents for '{input.Name}' for model '{request.ModelName}'")
            : null;
    }
}
