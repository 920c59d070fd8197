using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Text;

/// <summary>The outputs of tasks that find parts of texts.</summary>
internal static class EntityOutputs
{
    public const string Entity = "entity";
    public const string Score = "score";
    public const string Word = "word";
    public const string Start = "start";
    public const string End = "end";
    public const string Index = "index";

    public static IReadOnlyList<TensorSignature> All { get; } =
    [
        TensorSignatures.PerRow(Entity, ElementType.Bytes, ("entities", -1)),
        TensorSignatures.PerRow(Score, ElementType.Float32, ("entities", -1)),
        TensorSignatures.PerRow(Word, ElementType.Bytes, ("entities", -1)),
        TensorSignatures.PerRow(Start, ElementType.Int64, ("entities", -1)),
        TensorSignatures.PerRow(End, ElementType.Int64, ("entities", -1)),
        TensorSignatures.PerRow(Index, ElementType.Int64, ("entities", -1)),
        RaggedCounts.Output,
    ];

    public static TaskAnswer Answer(IReadOnlyList<IReadOnlyList<Entity>> rows)
    {
        var ragged = new RaggedRows<Entity>(rows);
        var answer = new TaskAnswer()
            .Add(Entity, ragged.Shape, ragged.Texts(one => one.Label))
            .Add(Score, ragged.Shape, ragged.Floats(one => one.Score))
            .Add(Word, ragged.Shape, ragged.Texts(one => one.Word))
            .Add(Start, ragged.Shape, ragged.Longs(one => one.Start))
            .Add(End, ragged.Shape, ragged.Longs(one => one.End))
            .Add(Index, ragged.Shape, ragged.Longs(one => one.Index));
        ragged.AddCounts(answer);
        return answer;
    }
}
