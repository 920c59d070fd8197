using System.Text.Json;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Writes a model's metadata as TensorFlow Serving does: the protobuf messages ModelSpec and SignatureDef as JSON.</summary>
internal static class SignatureJson
{
    /// <summary>The one signature that a graph has.</summary>
    public const string Name = "serving_default";

    private const string Method = "tensorflow/serving/predict";

    private static readonly string[] Types =
    [
        "DT_BOOL", "DT_UINT8", "DT_UINT16", "DT_UINT32", "DT_UINT64", "DT_INT8", "DT_INT16", "DT_INT32", "DT_INT64",
        "DT_HALF", "DT_BFLOAT16", "DT_FLOAT", "DT_DOUBLE", "DT_STRING",
    ];

    /// <param name="json">Where to.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">The version or label that was asked for; null for the default.</param>
    public static void Write(Utf8JsonWriter json, ModelMetadata model, string? version)
    {
        json.WriteStartObject();
        json.WriteStartObject("model_spec");
        json.WriteString("name", model.Name);
        json.WriteString("signature_name", "");
        var asked = version ?? (model.Versions is [.., var highest] ? highest : "");
        json.WriteString(asked.All(char.IsAsciiDigit) ? "version" : "version_label", asked);
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteStartObject("signature_def");
        json.WriteStartObject("signature_def");
        json.WriteStartObject(Name);
        WriteTensors(json, "inputs", model.Inputs);
        WriteTensors(json, "outputs", model.Outputs);
        json.WriteString("method_name", Method);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, string kind, IReadOnlyList<TensorSignature> tensors)
    {
        json.WriteStartObject(kind);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", Types[(int)tensor.Type]);
            WriteShape(json, tensor);
            json.WriteString("name", tensor.Name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, TensorSignature tensor)
    {
        json.WriteStartObject("tensor_shape");
        json.WriteStartArray("dim");
        for (var axis = 0; tensor.HasRank && axis < tensor.Shape.Rank; axis++)
        {
            json.WriteStartObject();

            // Protobuf writes 64-bit numbers as strings.
            json.WriteString("size", tensor.Shape[axis].ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("name", axis < tensor.AxisNames.Count ? tensor.AxisNames[axis] : "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("unknown_rank", !tensor.HasRank);
        json.WriteEndObject();
    }
}
