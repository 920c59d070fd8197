using System.Numerics.Tensors;

namespace Serving.Server.Rest.Tasks;

/// <summary>How near texts are by their vectors.</summary>
internal static class Similarity
{
    /// <summary>The cosine between the first row's vector and each other's; the vectors have a length of 1.</summary>
    public static float[] ToFirst(TaskReply reply)
    {
        var vectors = reply.Floats(TaskNames.Vector);
        var size = vectors.Length / reply.Rows;
        var cosines = new float[reply.Rows - 1];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = TensorPrimitives.Dot(vectors[..size], vectors.Slice((i + 1) * size, size));
        }

        return cosines;
    }
}
