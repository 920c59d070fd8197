namespace Serving.Soak.Questions;

/// <summary>A small network computed here as well, so that its answers are known.</summary>
internal static class Mlp
{
    public const int Inputs = 8;
    public const int Hidden = 16;
    public const int Outputs = 3;

    public static float[] First { get; } = Weights(Inputs * Hidden, 1);

    public static float[] Second { get; } = Weights(Hidden * Outputs, 2);

    public static float[] Answer(float[] rows)
    {
        var count = rows.Length / Inputs;
        var answer = new float[count * Outputs];
        for (var row = 0; row < count; row++)
        {
            for (var h = 0; h < Hidden; h++)
            {
                var sum = 0.0;
                for (var i = 0; i < Inputs; i++)
                {
                    sum += rows[(row * Inputs) + i] * (double)First[(i * Hidden) + h];
                }

                for (var o = 0; o < Outputs; o++)
                {
                    answer[(row * Outputs) + o] += (float)(Math.Max(0, sum) * Second[(h * Outputs) + o]);
                }
            }
        }

        return answer;
    }

    private static float[] Weights(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.3f)];
    }
}
