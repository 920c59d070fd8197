using Serving.Soak.Clients;

namespace Serving.Soak.Questions;

/// <summary>What the encoder is asked. What it answers to each alone, on a quiet server, is what it must answer in any company.</summary>
internal static class EncodedQuestions
{
    private const int Count = 48;

    public static async Task<IReadOnlyList<Question>> AskAsync(Uri rest, int seed)
    {
        using var client = new RestClient(rest);
        var random = new Random(seed);
        var questions = new List<Question>();
        for (var i = 0; i < Count; i++)
        {
            var length = random.Next(3, 33);
            long[] ids = [.. Enumerable.Range(0, length).Select(_ => (long)random.Next(1, 100))];
            Tensor[] inputs = [Tensor.Longs("input_ids", [1, length], ids), Tensor.Longs("attention_mask", [1, length], [.. ids.Select(_ => 1L)])];
            var reply = await client.AskAsync(new Question(SoakRepository.Encoder, inputs, []), binary: true);
            questions.Add(new Question(SoakRepository.Encoder, inputs, [reply.Output ?? throw new InvalidOperationException(reply.Text)]));
        }

        return questions;
    }
}
