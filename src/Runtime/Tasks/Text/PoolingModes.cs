using System.Numerics.Tensors;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Pools the vectors of tokens, as sentence-transformers' Pooling module does.</summary>
internal static class PoolingModes
{
    public static string[] Names { get; } = ["cls", "mean", "max", "mean_sqrt_len", "weighted_mean", "last_token"];

    /// <summary>The mode of a name.</summary>
    public static Pooling Parse(string name) => (Pooling)(Array.IndexOf(Names, name) + 1);

    /// <summary>Pools.</summary>
    /// <param name="pooling">How.</param>
    /// <param name="tokens">The vectors of the tokens, one after the other; at least one.</param>
    /// <param name="size">The numbers of a vector.</param>
    public static float[] Apply(Pooling pooling, ReadOnlySpan<float> tokens, int size)
    {
        var count = tokens.Length / size;
        if (pooling is Pooling.Cls or Pooling.LastToken)
        {
            return tokens.Slice(pooling == Pooling.Cls ? 0 : (count - 1) * size, size).ToArray();
        }

        var pooled = tokens[..size].ToArray();
        for (var i = 1; i < count; i++)
        {
            var token = tokens.Slice(i * size, size);
            switch (pooling)
            {
                case Pooling.Max:
                    TensorPrimitives.Max(pooled, token, pooled);
                    break;
                case Pooling.WeightedMean:
                    TensorPrimitives.MultiplyAdd(token, i + 1, pooled, pooled);
                    break;
                default:
                    TensorPrimitives.Add(pooled, token, pooled);
                    break;
            }
        }

        var divisor = pooling switch
        {
            Pooling.Mean => count,
            Pooling.MeanSqrtLength => MathF.Sqrt(count),
            Pooling.WeightedMean => count * (count + 1f) / 2,
            _ => 1,
        };
        TensorPrimitives.Divide(pooled, divisor, pooled);
        return pooled;
    }
}
