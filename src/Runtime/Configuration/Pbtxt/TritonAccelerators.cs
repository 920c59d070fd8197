using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads <c>optimization.execution_accelerators</c>.</summary>
internal sealed class TritonAccelerators
{
    private const string Path = "optimization.execution_accelerators";
    private const string GpuField = "gpu_execution_accelerator";
    private const string CpuField = "cpu_execution_accelerator";

    /// <summary>Parameters whose names differ from ONNX Runtime's.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["max_workspace_size_bytes"] = "trt_max_workspace_size",
        ["int8_calibration_table_name"] = "trt_int8_calibration_table_name",
        ["int8_use_native_calibration_table"] = "trt_int8_use_native_calibration_table",
    };

    private readonly TritonNotes _notes;

    public TritonAccelerators(TritonNotes notes) => _notes = notes;

    /// <summary>The accelerators for GPUs, in the order given.</summary>
    public ImmutableArray<ProviderConfig> ReadGpu(PbtxtNode.Message root)
    {
        var providers = ImmutableArray.CreateBuilder<ProviderConfig>();
        foreach (var message in Accelerators(root, GpuField))
        {
            var name = PbtxtValues.Text(message.One("name")) ?? "";
            if (name is not ("tensorrt" or "cuda"))
            {
                _notes.Errors.Add(message.At, $"{Path}.{GpuField}.name", $"{ConfigErrors.Quote(name)} is not allowed; allowed is tensorrt or cuda");
            }
            else if (providers.Any(p => p.Name == name))
            {
                _notes.Errors.Add(message.At, $"{Path}.{GpuField}.name", $"{ConfigErrors.Quote(name)} is given twice");
            }
            else
            {
                providers.Add(new ProviderConfig(name, ReadOptions(message, isTensorRt: name == "tensorrt")));
            }
        }

        return providers.ToImmutable();
    }

    /// <summary>Notes what is asked for on CPUs; there is only ONNX Runtime's own provider.</summary>
    public void CheckCpu(PbtxtNode.Message root)
    {
        foreach (var message in Accelerators(root, CpuField))
        {
            var name = PbtxtValues.Text(message.One("name")) ?? "";
            if (name == "openvino")
            {
                _notes.Warn(message.At, $"{Path}.{CpuField}", "OpenVINO is not available; ONNX Runtime's CPU provider is used");
            }
            else
            {
                _notes.Errors.Add(message.At, $"{Path}.{CpuField}.name", $"{ConfigErrors.Quote(name)} is not allowed; allowed is openvino");
            }
        }
    }

    private static IEnumerable<PbtxtNode.Message> Accelerators(PbtxtNode.Message root, string field) =>
        root.Child("optimization").Child("execution_accelerators").Messages(field);

    private ImmutableDictionary<string, string> ReadOptions(PbtxtNode.Message message, bool isTensorRt)
    {
        var path = $"{Path}.{GpuField}.parameters";
        var options = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, entry) in _notes.Map(message.Messages("parameters"), path))
        {
            var value = PbtxtValues.Text(entry.One("value")) ?? "";
            if (!isTensorRt || key.StartsWith("trt_", StringComparison.Ordinal))
            {
                options[key] = value;
            }
            else if (Renamed.TryGetValue(key, out var name))
            {
                options[name] = value;
            }
            else if (key == "precision_mode")
            {
                ReadPrecision(value, entry.At, options);
            }
            else
            {
                var allowed = string.Join(", ", Renamed.Keys.Append("precision_mode"));
                var problem = $"{ConfigErrors.Quote(key)} is not allowed; allowed is {allowed}, or a name of ONNX Runtime's that begins with trt_";
                _notes.Errors.Add(entry.At, path, problem);
            }
        }

        return options.ToImmutable();
    }

    private void ReadPrecision(string value, TextPosition at, ImmutableDictionary<string, string>.Builder options)
    {
        switch (value)
        {
            case "FP16":
                options["trt_fp16_enable"] = "1";
                break;
            case "INT8":
                options["trt_int8_enable"] = "1";
                break;
            case "FP32":
                break;
            default:
                var message = $"{ConfigErrors.Quote(value)} is not allowed; allowed is FP32, FP16 or INT8";
                _notes.Errors.Add(at, $"{Path}.{GpuField}.parameters.precision_mode", message);
                break;
        }
    }
}
