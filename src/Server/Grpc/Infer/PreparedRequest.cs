using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer;

/// <summary>
/// A request for the engine, and the memory of its converted inputs and of those in shared memory. Dispose it when the answer has been delivered.
/// </summary>
internal sealed class PreparedRequest : IDisposable
{
    private readonly List<InputTensor> _inputs = new(1);
    private InferenceRequest? _reused;
    private SharedMemoryAccess _access;
    private List<PooledBuffer>? _buffers;
    private RequestRegions? _regions;
    private int _rawContents;

    /// <summary>The request; what it says is gone when this is disposed.</summary>
    public InferenceRequest Request { get; private set; } = null!;

    /// <summary>Whether the next request may be the same object, and its answer an object that has answered before.</summary>
    public bool IsReused { get; init; }

    /// <summary>For whom the request is, to be set before it is filled; null where nobody says.</summary>
    public string? Tenant { get; set; }

    /// <summary>What is to become of single outputs before they are sent.</summary>
    public IReadOnlyList<OutputDemand> Demands { get; private set; } = [];

    private RequestRegions Regions => _regions ??= new RequestRegions(_access);

    /// <summary>A request of its own, for one that is prepared apart from its call. The parameters are those of <see cref="Fill"/>.</summary>
    public static Outcome<PreparedRequest> Create(
        ScannedRequest scanned, long received, long deadline, long limit, SharedMemoryAccess access = default)
    {
        var prepared = new PreparedRequest();
        if (prepared.Fill(scanned, received, deadline, limit, access) is not { } failure)
        {
            return prepared;
        }

        prepared.Dispose();
        return failure;
    }

    /// <summary>Checks a request against the protocol's rules and translates it; or says what is wrong with it. To be disposed in any case.</summary>
    /// <param name="scanned">The request. Its message must stay valid until the engine has answered.</param>
    /// <param name="received">When it came, as a timestamp.</param>
    /// <param name="deadline">When its answer becomes worthless, as a timestamp; 0 for never.</param>
    /// <param name="limit">The most bytes that one converted input may take.</param>
    /// <param name="access">What the request may do with shared memory; nothing, unless it is given.</param>
    public InferenceFailure? Fill(ScannedRequest scanned, long received, long deadline, long limit, SharedMemoryAccess access)
    {
        _access = access;
        var priority = 0;
        if ((InferRules.Check(scanned) ?? InferRules.TryGetPriority(scanned, out priority)) is { } failure)
        {
            return failure;
        }

        for (var i = 0; i < scanned.Inputs.Count; i++)
        {
            if (Translate(scanned, i, limit, out var input) is { } wrong)
            {
                return wrong;
            }

            _inputs.Add(input);
        }

        if (scanned.Demands is not null && ReadDemands(scanned.Demands) is { } impossible)
        {
            return impossible;
        }

        Request = _reused ?? new InferenceRequest { ModelName = scanned.ModelName, Inputs = _inputs, ReusesAnswer = IsReused };
        _reused = null;
        (Request.ModelName, Request.ModelVersion, Request.Id) = (scanned.ModelName, scanned.ModelVersion, scanned.Id);
        (Request.Outputs, Request.Parameters) = (scanned.Outputs, scanned.Parameters);
        (Request.Received, Request.Deadline, Request.Priority, Request.Tenant) = (received, deadline, priority, Tenant);
        return null;
    }

    /// <summary>The engine has answered with no failure: it has nothing to do with the request any more. One that failed it may still hold.</summary>
    public void Answered() => _reused = IsReused ? Request : null;

    /// <summary>Makes it empty, to be filled again.</summary>
    public void Clear()
    {
        Dispose();
        _rawContents = 0;
        Demands = [];
    }

    public void Dispose()
    {
        _buffers?.ForEach(static buffer => buffer.Dispose());

        _buffers = null;
        _regions?.Dispose();
        _regions = null;
        _access = default;
        _inputs.Clear();
        Request = null!;
    }

    private InferenceFailure? ReadDemands(List<ScannedDemand> scanned)
    {
        var demands = new List<OutputDemand>(scanned.Count);
        foreach (var entry in scanned)
        {
            if (DemandReader.Read(entry, Regions, out var demand) is { } failure)
            {
                return failure;
            }

            demands.AddRange(demand is null ? [] : [demand]);
        }

        Demands = demands;
        return null;
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
        if (!input.Region.IsEmpty)
        {
            var unreadable = ReadRegion(input, out var data);
            tensor = new InputTensor(input.Name, type, shape, data);
            return unreadable;
        }

        if (scanned.RawContents.Count > 0)
        {
            tensor = new InputTensor(input.Name, type, shape, scanned.RawContents[_rawContents++]);
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

    private InferenceFailure? ReadRegion(in ScannedInput input, out ReadOnlySequence<byte> data)
    {
        data = default;
        if (input.Region.Read($"input '{input.Name}'", out var reference) is { } unclear)
        {
            return unclear;
        }

        if (Regions.Read(reference!).TryGetValue(out var memory, out var failure))
        {
            data = new ReadOnlySequence<byte>(memory);
        }

        return failure;
    }
}
