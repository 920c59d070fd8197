using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Finds the part of a context that answers a question. Long contexts are read in windows.</summary>
internal sealed class QuestionAnswering : ITask
{
    public const string Name = "question-answering";
    public const string Question = "question";
    public const string Context = "context";
    public const string AnswerText = "answer";
    public const string Score = "score";
    public const string Start = "start";
    public const string End = "end";

    private static readonly CountOption TopK = new("top_k", "How many answers are told, the best first. Default 1.", 1, 100);

    private static readonly CountOption MaxAnswerTokens = new("max_answer_len", "The most tokens of an answer. Default 15.", 1, 1000);

    private static readonly FlagOption MayBeNone = new("handle_impossible_answer", "Whether there may be no answer, which is then an empty one. Default false.");

    private readonly TextGraph _graph;
    private readonly string[] _outputs;

    private QuestionAnswering(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _outputs = FindOutputs(material) ?? throw new TaskException(
            $"the task {Name} wants the outputs start_logits and end_logits; the graph has {string.Join(", ", material.Outputs.Select(output => output.Name))}");
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings);
    }

    public static TaskKind Kind { get; } = new(Name, [TopK, MaxAnswerTokens, MayBeNone, .. TextOptions.All], Recognise, material => new QuestionAnswering(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Question), TensorSignatures.Bytes(Context)];

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(AnswerText, ElementType.Bytes, ("answers", -1)),
        TensorSignatures.PerRow(Score, ElementType.Float32, ("answers", -1)),
        TensorSignatures.PerRow(Start, ElementType.Int64, ("answers", -1)),
        TensorSignatures.PerRow(End, ElementType.Int64, ("answers", -1)),
        RaggedCounts.Output,
        TextOutputs.Tokens,
    ];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!call.Texts(Question).TryGetValue(out var questions, out var failure)
            || !call.Texts(Context).TryGetValue(out var contexts, out failure)
            || !_graph.Encode(questions, contexts, call.Settings, TruncationStrategy.OnlySecond, TextOptions.Windows).TryGetValue(out var rows, out failure))
        {
            return failure;
        }

        var mayBeNone = call.Settings.Get(MayBeNone, otherwise: false);
        var most = call.Settings.Get(TopK, 1);
        var longest = call.Settings.Get(MaxAnswerTokens, 15);
        if (!(await _graph.RunAsync(
                call,
                rows,
                _outputs,
                (window, response) => SpanSearch.Find(window, Numbers.Floats(response.Outputs[0]), Numbers.Floats(response.Outputs[1]), mayBeNone, longest, most)).ConfigureAwait(false))
            .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        return Respond(call, rows, [.. contexts.Select((context, row) => Best(context, windows[rows.Of(row)], mayBeNone, most))]);
    }

    private static List<Answer> Best(string context, (IReadOnlyList<SpanSearch.Span> Spans, float None)[] windows, bool mayBeNone, int most)
    {
        var text = new CodePointText(context);
        var answers = windows.SelectMany(window => window.Spans)
            .GroupBy(span => (span.Start, span.End))
            .Select(same => new Answer(text.Part(same.Key.Start, same.Key.End), same.Max(span => span.Score), same.Key.Start, same.Key.End));
        if (mayBeNone)
        {
            answers = answers.Append(new Answer("", windows.Min(window => window.None), 0, 0));
        }

        return [.. answers.OrderByDescending(answer => answer.Score).Take(most)];
    }

    private static TaskAnswer Respond(TaskCall call, TextRows rows, List<Answer>[] answers)
    {
        var ragged = new RaggedRows<Answer>(answers);
        var answer = new TaskAnswer()
            .Add(AnswerText, ragged.Shape, ragged.Texts(one => one.Text))
            .Add(Score, ragged.Shape, ragged.Floats(one => one.Score))
            .Add(Start, ragged.Shape, ragged.Longs(one => one.Start))
            .Add(End, ragged.Shape, ragged.Longs(one => one.End));
        ragged.AddCounts(answer);
        return TextOutputs.AddTokens(answer, call, rows);
    }

    private static string[]? FindOutputs(TaskMaterial material) =>
        material.Output("start_logits") is { } start && material.Output("end_logits") is { } end && Numbers.AreFloats(start.Type) && Numbers.AreFloats(end.Type)
            ? [start.Name, end.Name]
            : null;

    private static string? Recognise(TaskMaterial material) =>
        !TextGraph.Fits(material) ? null
        : material.Config.IsFor("ForQuestionAnswering") ? $"its architecture is {material.Config.Architecture}"
        : FindOutputs(material) is not null ? "the graph's outputs are called start_logits and end_logits"
        : null;
}
