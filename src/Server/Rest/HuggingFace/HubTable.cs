using System.Globalization;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>
/// Tables as Hugging Face's clients send them, with a list for each column under <c>data</c>; also rows one by one. The answer has the
/// likeliest class of each row, or its number.
/// </summary>
internal static class HubTable
{
    private const string Row = "row";
    private const string Data = "data";

    public static bool Fits(string task) => task is TaskNames.TabularClassification or TaskNames.TabularRegression;

    public static Outcome<HubRequest> Read(JsonElement inputs)
    {
        if (inputs.ValueKind == JsonValueKind.Object && inputs.Field(Data) is { ValueKind: JsonValueKind.Object } columns)
        {
            return Transpose(columns);
        }

        var rows = inputs.ValueKind == JsonValueKind.Array ? inputs.EnumerateArray().ToArray() : [inputs];
        return rows.Length > 0 && rows.All(row => row.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            ? new HubRequest(new TaskRequest().Add(Row, rows.Select(row => row.GetRawText()).ToArray()), IsList: true)
            : InferenceFailure.InvalidInput("'inputs' must have a list for each column under 'data', or be a list of rows, each an object or a list of cells");
    }

    public static void Write(Utf8JsonWriter json, TaskReply reply, string task)
    {
        json.WriteStartArray();
        var labels = task == TaskNames.TabularClassification ? reply.Bytes(TaskNames.Label) : null;
        var values = labels is null ? reply.Floats(TaskNames.Value) : default;
        for (var row = 0; row < reply.Rows; row++)
        {
            if (labels is null)
            {
                WriteValues(json, values.Slice(row * values.Length / reply.Rows, values.Length / reply.Rows));
            }
            else
            {
                WriteLabel(json, labels.Count == 0 ? "" : Encoding.UTF8.GetString(labels[row * labels.Count / reply.Rows].Span));
            }
        }

        json.WriteEndArray();
    }

    private static Outcome<HubRequest> Transpose(JsonElement columns)
    {
        var lists = columns.EnumerateObject().ToArray();
        var count = lists.Length > 0 && lists[0].Value.ValueKind == JsonValueKind.Array ? lists[0].Value.GetArrayLength() : 0;
        if (count == 0 || Array.Find(lists, list => list.Value.ValueKind != JsonValueKind.Array || list.Value.GetArrayLength() != count) is { Value.ValueKind: not JsonValueKind.Undefined })
        {
            return InferenceFailure.InvalidInput("'inputs.data' must have a list of cells for each column, all equally long and not empty");
        }

        var cells = lists.Select(list => list.Value.EnumerateArray().ToArray()).ToArray();
        var rows = new string[count];
        for (var row = 0; row < count; row++)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                for (var column = 0; column < lists.Length; column++)
                {
                    json.WritePropertyName(lists[column].Name);
                    cells[column][row].WriteTo(json);
                }

                json.WriteEndObject();
            }

            rows[row] = Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }

        return new HubRequest(new TaskRequest().Add(Row, rows), IsList: true);
    }

    // The clients expect a number for each row, which is what most models call their classes.
    private static void WriteLabel(Utf8JsonWriter json, string label)
    {
        if (double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(label);
        }
    }

    private static void WriteValues(Utf8JsonWriter json, ReadOnlySpan<float> values)
    {
        if (values.Length == 1)
        {
            TaskJson.WriteNumber(json, values[0]);
        }
        else
        {
            TaskJson.WriteVector(json, values);
        }
    }
}
