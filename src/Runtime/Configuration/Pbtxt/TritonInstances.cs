using System.Collections.Immutable;
using System.Globalization;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>instance_group</c>, and with the accelerators and the CUDA options makes the list of providers.</summary>
internal sealed class TritonInstances
{
    private const string Path = "instance_group";
    private const string DeviceId = "device_id";

    private readonly TritonNotes _notes;
    private bool _wantsGpu;
    private bool _wantsCpu;
    private long? _device;

    public TritonInstances(TritonNotes notes) => _notes = notes;

    public ImmutableArray<ProviderConfig> ReadProviders(
        PbtxtNode.Message root, IReadOnlyDictionary<string, (string Value, TextPosition At)> cudaOptions)
    {
        foreach (var group in root.Messages(Path))
        {
            ReadGroup(group);
        }

        var accelerators = new TritonAccelerators(_notes);
        accelerators.CheckCpu(root);
        var gpu = accelerators.ReadGpu(root);
        if (_wantsGpu || (gpu.Length > 0 && !_wantsCpu))
        {
            if (_wantsCpu)
            {
                _notes.Warn(root.Child(Path).At, Path, "the GPU is used, and the CPU only where there is none");
            }

            return GpuProviders(gpu, cudaOptions);
        }

        if (gpu.Length > 0)
        {
            const string Reason = "accelerators for GPUs are not used: instance_group says KIND_CPU";
            _notes.Warn(root.Child("optimization").At, "optimization.execution_accelerators", Reason);
        }

        foreach (var (key, (_, at)) in cudaOptions)
        {
            _notes.Warn(at, $"parameters.{key}", "not used: it concerns GPUs, and instance_group does not say KIND_GPU");
        }

        return _wantsCpu ? [new ProviderConfig("cpu", [])] : [];
    }

    private void ReadGroup(PbtxtNode.Message group)
    {
        var kindNode = group.One("kind");
        var kind = TritonFields.InstanceKinds[PbtxtValues.Enumerator(kindNode, TritonFields.InstanceKinds) ?? 0];
        if (kind == "KIND_MODEL")
        {
            _notes.Refuse(kindNode!, $"{Path}.kind", "KIND_AUTO, KIND_GPU or KIND_CPU");
        }

        if (_notes.Integer(group.One("count"), $"{Path}.count", 0, int.MaxValue) > 1)
        {
            _notes.Warn(group.One("count")!.At, $"{Path}.count", "not needed: one session serves all requests, several at a time");
        }

        var devices = group.All("gpus").Select(node => _notes.Integer(node, $"{Path}.gpus", 0, int.MaxValue)).OfType<long>().ToList();
        ReadDevices(group, devices, kind);
        _wantsCpu |= kind == "KIND_CPU";
        _wantsGpu |= kind == "KIND_GPU" || (kind == "KIND_AUTO" && devices.Count > 0);
    }

    private void ReadDevices(PbtxtNode.Message group, List<long> devices, string kind)
    {
        if (devices.Count > 0 && kind == "KIND_CPU")
        {
            _notes.Errors.Add(group.At, $"{Path}.gpus", "GPUs cannot be given with KIND_CPU");
            return;
        }

        foreach (var device in devices)
        {
            _device ??= device;
            if (device != _device)
            {
                _notes.Warn(group.At, $"{Path}.gpus", $"only the first GPU, {_device}, is used");
                return;
            }
        }
    }

    private ImmutableArray<ProviderConfig> GpuProviders(
        ImmutableArray<ProviderConfig> accelerators, IReadOnlyDictionary<string, (string Value, TextPosition At)> cudaOptions)
    {
        var providers = accelerators.ToList();
        var cuda = providers.FindIndex(p => p.Name == "cuda");
        if (cuda < 0)
        {
            cuda = providers.Count;
            providers.Add(new ProviderConfig("cuda", []));
        }

        var options = cudaOptions.Aggregate(providers[cuda].Options, (all, o) => all.ContainsKey(o.Key) ? all : all.Add(o.Key, o.Value.Value));
        providers[cuda] = providers[cuda] with { Options = options };
        return [.. providers.Select(WithDevice), new ProviderConfig("cpu", [])];
    }

    private ProviderConfig WithDevice(ProviderConfig provider) => _device is null
        ? provider
        : provider with { Options = provider.Options.SetItem(DeviceId, _device.Value.ToString(CultureInfo.InvariantCulture)) };
}
