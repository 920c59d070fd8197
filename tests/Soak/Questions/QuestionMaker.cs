using Serving.Soak.Reports;

namespace Serving.Soak.Questions;

/// <summary>Makes requests of which no two are the same, so that an answer can belong to one only.</summary>
/// <param name="random">The dice of one client.</param>
/// <param name="encoded">What the encoder is asked, with what it answers when it is asked alone.</param>
internal sealed class QuestionMaker(Random random, IReadOnlyList<Question> encoded)
{
    private static int _number;

    /// <summary>Any that is answered, whatever else happens.</summary>
    public Question Any() => random.Next(8) switch
    {
        0 or 1 => Mlp("mlp"),
        2 => Lookup(),
        3 => Words(),
        4 => Wide(random.Next(1, 4), random.Next(1, 2000)),
        5 => Moving(),
        6 => Coming(),
        _ => encoded[random.Next(encoded.Count)],
    };

    public Question Mlp(string model, params Ending[] may)
    {
        var rows = random.Next(1, 6);
        var values = Floats(rows * Questions.Mlp.Inputs);
        return new Question(
            model,
            [Tensor.Floats("x", [rows, Questions.Mlp.Inputs], values)],
            [Tensor.Floats("y", [rows, Questions.Mlp.Outputs], Questions.Mlp.Answer(values))],
            may);
    }

    public Question Lookup()
    {
        var ids = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (long)(Next() % SoakRepository.TableSize)).ToArray();
        return new Question(
            "lookup", [Tensor.Longs("ids", [ids.Length, 1], ids)], [Tensor.Floats("y", [ids.Length, 1], [.. ids.Select(id => id * 0.5f)])]);
    }

    /// <summary>An id that is not in the table.</summary>
    public Question Poison() => new("lookup", [Tensor.Longs("ids", [1, 1], [SoakRepository.TableSize + Next()])], [], Ending.Failed);

    public Question Words()
    {
        var texts = Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"wörd \"{Next()}\" {new string('x', random.Next(40))}").ToArray();
        return new Question("words", [Tensor.Texts("x", [1, texts.Length], texts)], [Tensor.Texts("y", [1, texts.Length], texts)]);
    }

    public Question Wide(int rows, int columns, params Ending[] may)
    {
        var values = Floats(rows * columns);
        return new Question(
            "wide", [Tensor.Floats("x", [rows, columns], values)], [Tensor.Floats("y", [rows, columns], [.. values.Select(value => 2 * value)])], may);
    }

    public Question Moving()
    {
        var values = Floats(2);
        return new Question(
            "moving", [Tensor.Floats("x", [1, 2], values)], [.. ((int[])[2, 3]).Select(k => Tensor.Floats("y", [1, 2], [.. values.Select(value => k * value)]))]);
    }

    public Question Coming()
    {
        var values = Floats(2);
        return new Question(
            "coming", [Tensor.Floats("x", [1, 2], values)], [Tensor.Floats("y", [1, 2], [.. values.Select(value => 3 * value)])], Ending.Refused);
    }

    public Question Flaky()
    {
        var values = Floats(1);
        return new Question("flaky", [Tensor.Floats("x", [1, 1], values)], [Tensor.Floats("y", [1, 1], values)], Ending.Failed, Ending.Refused);
    }

    private static int Next() => Interlocked.Increment(ref _number);

    // The first makes the request unlike any other; floats know 24 bits.
    private float[] Floats(int count)
    {
        var values = new float[count];
        values[0] = Next() % (1 << 22) * 0.001f;
        for (var i = 1; i < count; i++)
        {
            values[i] = random.NextSingle();
        }

        return values;
    }
}
