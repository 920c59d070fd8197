using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Choice = Serving.Contracts.Inference.ModelRepositoryParameter.ParameterChoiceOneofCase;

namespace Serving.Server.Grpc;

/// <summary>Reads the parameters of a load: a configuration and files.</summary>
internal static class LoadParameters
{
    /// <summary>What takes the place of the model's own, or what is wrong with it; null where nothing does.</summary>
    public static Outcome<LoadOverrides>? Read(RepositoryModelLoadRequest request)
    {
        string? config = null;
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Parameters)
        {
            switch (value.ParameterChoiceCase)
            {
                case Choice.StringParam when name == OverrideRules.Config:
                    config = value.StringParam;
                    break;
                case Choice.BytesParam when name.StartsWith(OverrideRules.File, StringComparison.Ordinal):
                    files.Add(name[OverrideRules.File.Length..], value.BytesParam.Memory);
                    break;
                default:
                    return Refuse(name);
            }
        }

        return OverrideRules.Combine(config, files);
    }

    private static InferenceFailure Refuse(string name)
    {
        if (name == OverrideRules.Config)
        {
            return InferenceFailure.InvalidInput($"parameter '{name}' must be a string_param");
        }

        return name.StartsWith(OverrideRules.File, StringComparison.Ordinal)
            ? InferenceFailure.InvalidInput($"parameter '{name}' must be a bytes_param")
            : OverrideRules.Unknown(name);
    }
}
