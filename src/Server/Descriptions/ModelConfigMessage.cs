using System.Globalization;
using Serving.Contracts.Inference;
using Serving.Runtime.Configuration;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using ModelConfig = Serving.Contracts.Inference.ModelConfig;

namespace Serving.Server.Descriptions;

/// <summary>A model's configuration as Triton's clients read it. Given back with a load, it makes the same model again.</summary>
internal static class ModelConfigMessage
{
    public static ModelConfig Of(ModelConfiguration model)
    {
        var config = new ModelConfig
        {
            Name = model.Name,
            Platform = model.Platform,
            Backend = model.Backend,
            VersionPolicy = Policy(model.Versions),
            MaxBatchSize = model.MaxBatchSize,
            Input = { model.Inputs.Select(Input) },
            Output = { model.Outputs.Select(Output) },
            InstanceGroup = { InstanceMessage.Of(model) },
            DefaultModelFilename = model.FileName,
            DynamicBatching = model.MaxBatchSize > 0 ? Batching(model) : null,
            Optimization = InstanceMessage.Optimization(model),
            ModelWarmup = { WarmupMessage.Of(model) },
            ModelTransactionPolicy = new ModelTransactionPolicy(),
            ResponseCache = new ModelResponseCache { Enable = model.Written.Cache is not null },
        };
        if (!model.Written.Steps.IsEmpty)
        {
            config.EnsembleScheduling = new ModelEnsembling { Step = { model.Written.Steps.Select(Step) } };
        }

        AddParameters(config, model.Written);
        return config;
    }

    private static ModelEnsembling.Types.Step Step(StepConfig step) => new()
    {
        ModelName = step.Model,
        ModelVersion = long.TryParse(step.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1,
        InputMap = { step.Inputs },
        OutputMap = { step.Outputs },
    };

    public static DataType TypeOf(ElementType type) => type switch
    {
        ElementType.Bool => DataType.TypeBool,
        ElementType.UInt8 => DataType.TypeUint8,
        ElementType.UInt16 => DataType.TypeUint16,
        ElementType.UInt32 => DataType.TypeUint32,
        ElementType.UInt64 => DataType.TypeUint64,
        ElementType.Int8 => DataType.TypeInt8,
        ElementType.Int16 => DataType.TypeInt16,
        ElementType.Int32 => DataType.TypeInt32,
        ElementType.Int64 => DataType.TypeInt64,
        ElementType.Float16 => DataType.TypeFp16,
        ElementType.BFloat16 => DataType.TypeBf16,
        ElementType.Float32 => DataType.TypeFp32,
        ElementType.Float64 => DataType.TypeFp64,
        ElementType.Bytes => DataType.TypeString,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "an element type without a number in Triton's configuration"),
    };

    private static ModelVersionPolicy Policy(VersionPolicy policy) => policy switch
    {
        VersionPolicy.Latest latest => new ModelVersionPolicy { Latest = new ModelVersionPolicy.Types.Latest { NumVersions = (uint)latest.Count } },
        VersionPolicy.Specific specific => new ModelVersionPolicy { Specific = new ModelVersionPolicy.Types.Specific { Versions = { specific.Versions } } },
        _ => new ModelVersionPolicy { All = new ModelVersionPolicy.Types.All() },
    };

    private static ModelInput Input(ConfiguredTensor tensor) => new()
    {
        Name = tensor.Signature.Name,
        DataType = TypeOf(tensor.Signature.Type),
        Format = (ModelInput.Types.Format)tensor.Format,
        Dims = { tensor.Dims },
        Optional = tensor.Signature.Optional,
    };

    private static ModelOutput Output(ConfiguredTensor tensor) => new()
    {
        Name = tensor.Signature.Name,
        DataType = TypeOf(tensor.Signature.Type),
        Dims = { tensor.Dims },
        LabelFilename = tensor.LabelFile,
    };

    private static ModelDynamicBatching Batching(ModelConfiguration model) => new()
    {
        DefaultQueuePolicy = new ModelQueuePolicy
        {
            DefaultTimeoutMicroseconds = (ulong)(model.QueueTimeout?.TotalMicroseconds ?? 0),
            MaxQueueSize = (uint)model.MaxQueueRows,
        },
    };

    private static void AddParameters(ModelConfig config, Runtime.Configuration.ModelConfig written)
    {
        if (written.IntraOpThreads is { } threads)
        {
            config.Parameters["intra_op_thread_count"] = new ModelParameter { StringValue = threads.ToString(CultureInfo.InvariantCulture) };
        }

        foreach (var (key, value) in written.SessionEntries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            config.Parameters[key] = new ModelParameter { StringValue = value };
        }

        if (written.CustomOps.Length > 0)
        {
            config.ModelOperations = new ModelOperations { OpLibraryFilename = { written.CustomOps } };
        }
    }
}
