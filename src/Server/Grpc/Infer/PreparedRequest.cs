using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Grpc.Infer;

/// <summary>A request for the engine, and the memory of its converted inputs. Dispose it when the engine has answered.</summary>
internal sealed class PreparedRequest : IDisposable
{
    private List<PooledBuffer>? _buffers;

    private PreparedRequest()
    {
    }

    public InferenceRequest Request { get; private set; } = null!;

    /// <summary>Checks a request against the protocol's rules and translates it.</summary>
    /// <param name="scanned">The request. Its message must stay valid until the engine has answered.</param>
    /// <param name="received">When it came, as a timestamp.</param>
    /// <param name="deadline">When its answer becomes worthless, as a timestamp; 0 for never.</param>
    /// <param name="limit">The most bytes that one converted input may take.</param>
    public static Outcome<PreparedRequest> Create(ScannedRequest scanned, long received, long deadline, long limit)
    {
        if (InferRules.Check(scanned) is { } failure)
        {
            return failure;
        }

        if (InferRules.TryGetPriority(scanned, out var priority) is { } unclear)
        {
            return unclear;
        }

        var prepared = new PreparedRequest();
        var inputs = new InputTensor[scanned.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (prepared.Translate(scanned, i, limit, out inputs[i]) is { } wrong)
            {
                prepared.Dispose();
                return wrong;
            }
        }

        prepared.Request = new InferenceRequest
        {
            ModelName = scanned.ModelName,
            ModelVersion = scanned.ModelVersion,
            Id = scanned.Id,
            Inputs = inputs,
            Outputs = scanned.Outputs,
            Deadline = deadline,
            Received = received,
            Priority = priority,
        };
        return prepared;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers ?? [])
        {
            buffer.Dispose();
        }

        _buffers = null;
    }

    private InferenceFailure? Translate(ScannedRequest scanned, int index, long limit, out InputTensor tensor)
    {
        ref readonly var input = ref CollectionsMarshal.AsSpan(scanned.Inputs)[index];
        tensor = default;
        if (!ElementTypes.TryParse(input.Datatype, out var type))
        {
            return InferenceFailure.InvalidInput(
                $"input '{input.Name}' of model '{scanned.ModelName}' has the unknown datatype '{input.Datatype}'; known are {string.Join(", ", ElementTypes.AllNames)}");
        }

        var shape = new TensorShape(input.Shape);
        if (scanned.RawContents.Count > 0)
        {
            tensor = new InputTensor(input.Name, type, shape, scanned.RawContents[index]);
            return null;
        }

        if (!input.HasContents)
        {
            // An empty tensor needs no data.
            tensor = new InputTensor(input.Name, type, shape, default);
            return shape.TryCountElements(out var count) && count == 0 ? null : InferRules.NoData(input.Name, scanned.ModelName);
        }

        if (!TypedContents.Convert(input, type, scanned.ModelName, limit).TryGetValue(out var buffer, out var failure))
        {
            return failure;
        }

        (_buffers ??= []).Add(buffer);
        tensor = new InputTensor(input.Name, type, shape, new ReadOnlySequence<byte>(buffer.Memory));
        return null;
    }
}
