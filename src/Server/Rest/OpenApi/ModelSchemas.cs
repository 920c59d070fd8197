using System.Text.Json.Nodes;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.OpenApi;

/// <summary>JSON schemas of a model's requests and answers: names, types and extents of its tensors.</summary>
internal static class ModelSchemas
{
    /// <summary>Larger example tensors would hide the rest. Arbitrary.</summary>
    private const long MostExampleElements = 64;

    public static JsonObject Request(ModelMetadata model)
    {
        var schema = Object(
            ["inputs"],
            ("id", Type("string")),
            ("parameters", Reference("Parameters")),
            ("inputs", new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = model.Inputs.Count(input => !input.Optional),
                ["items"] = AnyOf(model.Inputs.Select(input => Tensor(input))),
            }),
            ("outputs", new JsonObject
            {
                ["type"] = "array",
                ["items"] = Object(["name"], ("name", Names(model.Outputs)), ("parameters", Reference("Parameters"))),
            }));
        if (Example(model) is { } example)
        {
            schema["examples"] = new JsonArray(example);
        }

        return schema;
    }

    public static JsonObject Response(ModelMetadata model) => Object(
        ["model_name", "model_version", "outputs"],
        ("model_name", Type("string")),
        ("model_version", Type("string")),
        ("id", Type("string")),
        ("outputs", new JsonObject { ["type"] = "array", ["items"] = AnyOf(model.Outputs.Select(output => Tensor(output))) }));

    /// <summary>Points at a schema of the document; names of models may hold anything.</summary>
    public static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{Uri.EscapeDataString(schema)}" };

    private static JsonObject Tensor(TensorSignature tensor) => Object(
        ["name", "datatype", "shape"],
        ("name", new JsonObject { ["const"] = tensor.Name }),
        ("datatype", new JsonObject { ["const"] = tensor.Type.Name() }),
        ("shape", Shape(tensor)),
        ("parameters", Reference("Parameters")),
        ("data", Reference(tensor.Type switch
        {
            ElementType.Bytes => "TextData",
            ElementType.Bool => "BooleanData",
            ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64 => "NumberData",
            _ => "IntegerData",
        })));

    private static JsonObject Shape(TensorSignature tensor)
    {
        var schema = new JsonObject { ["type"] = "array" };
        if (!tensor.HasRank)
        {
            schema["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
            return schema;
        }

        (schema["minItems"], schema["maxItems"]) = (tensor.Shape.Rank, tensor.Shape.Rank);
        schema["prefixItems"] = new JsonArray([.. Enumerable.Range(0, tensor.Shape.Rank).Select(axis => Extent(tensor, axis))]);
        return schema;
    }

    private static JsonObject Extent(TensorSignature tensor, int axis)
    {
        if (tensor.Shape[axis] >= 0)
        {
            return new JsonObject { ["const"] = tensor.Shape[axis] };
        }

        var extent = new JsonObject { ["type"] = "integer", ["minimum"] = 0 };
        if (tensor.AxisNames[axis].Length > 0)
        {
            extent["title"] = tensor.AxisNames[axis];
        }

        return extent;
    }

    // Every axis that varies is 1, every value 0.
    private static JsonObject? Example(ModelMetadata model)
    {
        var inputs = new JsonArray();
        foreach (var input in model.Inputs.Where(i => !i.Optional))
        {
            var shape = new TensorShape([.. input.Shape.ToArray().Select(extent => Math.Max(extent, 1))]);
            if (!shape.TryCountElements(out var count) || count > MostExampleElements)
            {
                return null;
            }

            inputs.Add(new JsonObject
            {
                ["name"] = input.Name,
                ["datatype"] = input.Type.Name(),
                ["shape"] = new JsonArray([.. shape.ToArray().Select(extent => JsonValue.Create(extent))]),
                ["data"] = new JsonArray([.. Enumerable.Range(0, (int)count).Select(_ => Zero(input.Type))]),
            });
        }

        return new JsonObject { ["inputs"] = inputs };
    }

    private static JsonValue Zero(ElementType type) => type switch
    {
        ElementType.Bytes => JsonValue.Create("text"),
        ElementType.Bool => JsonValue.Create(false),
        _ => JsonValue.Create(0),
    };

    private static JsonObject Names(IEnumerable<TensorSignature> tensors) =>
        new() { ["enum"] = new JsonArray([.. tensors.Select(tensor => JsonValue.Create(tensor.Name))]) };

    private static JsonObject AnyOf(IEnumerable<JsonObject> schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Object(string[] required, params (string Name, JsonObject Schema)[] properties)
    {
        var members = new JsonObject();
        foreach (var (name, schema) in properties)
        {
            members[name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]),
            ["properties"] = members,
        };
    }
}
