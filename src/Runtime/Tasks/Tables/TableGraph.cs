using System.Buffers;
using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Tables;

/// <summary>
/// A graph over the rows of a table, as scikit-learn, XGBoost, LightGBM and others export it: with one input for each column, or one
/// with all columns side by side. A row of a request is an object of JSON with a cell for each column, or a list of cells in their order.
/// </summary>
internal sealed class TableGraph
{
    private readonly IReadOnlyList<TensorSignature> _inputs;
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly Dictionary<string, int> _places;
    private readonly bool _isNamed;

    private TableGraph(IReadOnlyList<TensorSignature> inputs, IReadOnlyList<TableColumn> columns, bool isNamed)
    {
        _inputs = inputs;
        _columns = columns;
        _isNamed = isNamed;
        _places = columns.Select((column, place) => (column.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place, StringComparer.Ordinal);
    }

    /// <summary>The tasks' input: rows as JSON.</summary>
    public static string Row => "row";

    public static ListOption Columns { get; } = new(
        "columns", "The columns' names, in the order in which the graph's only input has them side by side. Default: they have none, and rows are lists.", 100_000) { IsPerRequest = false };

    public static IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Row)];

    /// <exception cref="TaskException">The graph's inputs are none that rows of a table give.</exception>
    public static TableGraph Make(TaskMaterial material, TaskSettings settings, string task)
    {
        var inputs = material.Inputs.Where(input => !input.Optional).ToList();
        var names = settings.Get(Columns);
        if (inputs.Count > 0 && inputs.All(IsColumn) && (inputs.Count > 1 || names is null))
        {
            return names is null
                ? new TableGraph(inputs, inputs.ConvertAll(input => new TableColumn(input.Name, input.Type)), isNamed: true)
                : throw new TaskException($"task.columns: the graph has an input for each column, which names them: {string.Join(", ", inputs.Select(input => input.Name))}");
        }

        if (inputs is not [{ HasRank: true, Shape.Rank: 2 } all] || all.Type is ElementType.Bytes || !TableColumn.Fits(all.Type))
        {
            throw new TaskException(
                $"the task {task} wants an input for each column, or one of numbers with 2 axes (rows, columns); the graph has {string.Join(", ", inputs.Select(i => $"{i.Name} {i.Type.Name()} {i.Shape}"))}");
        }

        var count = all.Shape[1] > 0 ? (int)all.Shape[1] : names?.Count ?? throw new TaskException($"the input '{all.Name}' does not say how many columns there are: name them with task.columns");
        if (names is not null && (names.Count != count || names.Distinct(StringComparer.Ordinal).Count() != count))
        {
            throw new TaskException($"task.columns names {names.Distinct(StringComparer.Ordinal).Count()} different columns, the input '{all.Name}' has {count}");
        }

        return new TableGraph([all], [.. Enumerable.Range(0, count).Select(place => new TableColumn(names?[place] ?? $"{place}", all.Type))], names is not null);
    }

    /// <summary>The graph's inputs for each row of a request.</summary>
    public Outcome<IReadOnlyList<IReadOnlyList<InputTensor>>> Read(TaskCall call)
    {
        var rows = new List<IReadOnlyList<InputTensor>>(call.Rows);
        foreach (var row in call.Bytes(Row))
        {
            if (!ReadRow(row).TryGetValue(out var cells, out var failure))
            {
                return failure with { Message = $"input '{Row}' element {rows.Count}: {failure.Message}" };
            }

            rows.Add(ToInputs(cells));
        }

        return rows;
    }

    private Outcome<byte[][]> ReadRow(in ReadOnlySequence<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Array => ReadList(document.RootElement),
                JsonValueKind.Object when _isNamed => ReadObject(document.RootElement),
                JsonValueKind.Object => InferenceFailure.InvalidInput("it is an object, but the columns have no names (task.columns in model.yaml gives them): expected a list of cells"),
                var kind => InferenceFailure.InvalidInput($"it is {kind} in JSON, expected an object with a cell for each column or a list of cells"),
            };
        }
        catch (JsonException error)
        {
            return InferenceFailure.InvalidInput($"it is not JSON: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            return InferenceFailure.InvalidInput("a column's name has half of a surrogate pair, which is no text");
        }
    }

    private Outcome<byte[][]> ReadList(JsonElement list)
    {
        if (list.GetArrayLength() != _columns.Count)
        {
            return InferenceFailure.InvalidInput($"it has {list.GetArrayLength()} cells, expected {_columns.Count}");
        }

        var cells = new byte[_columns.Count][];
        var place = 0;
        foreach (var cell in list.EnumerateArray())
        {
            if (!_columns[place].Read(cell).TryGetValue(out var bytes, out var failure))
            {
                return failure;
            }

            cells[place++] = bytes;
        }

        return cells;
    }

    private Outcome<byte[][]> ReadObject(JsonElement row)
    {
        var cells = new byte[_columns.Count][];
        foreach (var cell in row.EnumerateObject())
        {
            if (!_places.TryGetValue(cell.Name, out var place))
            {
                return InferenceFailure.InvalidInput($"there is no column '{cell.Name}'; {NearestName.Suggest(cell.Name, [.. _places.Keys])}");
            }

            if (!_columns[place].Read(cell.Value).TryGetValue(out var bytes, out var failure))
            {
                return failure;
            }

            cells[place] = bytes;
        }

        return Array.IndexOf(cells, null) is >= 0 and var missing
            ? InferenceFailure.InvalidInput($"column '{_columns[missing].Name}' is missing; what is not known is null")
            : cells;
    }

    private InputTensor[] ToInputs(byte[][] cells) => _inputs.Count < cells.Length
        ? [Tensor(_inputs[0], cells.Length, [.. cells.SelectMany(cell => cell)])]
        : [.. _inputs.Zip(cells, (input, cell) => Tensor(input, 1, cell))];

    private static InputTensor Tensor(TensorSignature input, int columns, byte[] data) =>
        new(input.Name, input.Type, input.Shape.Rank == 1 ? new TensorShape(1) : new TensorShape(1, columns), new ReadOnlySequence<byte>(data));

    private static bool IsColumn(TensorSignature input) =>
        TableColumn.Fits(input.Type) && input.HasRank && (input.Shape.Rank == 1 || (input.Shape.Rank == 2 && input.Shape[1] == 1));
}
