namespace Serving.TestKit;

/// <summary>An array of an .npz archive.</summary>
/// <param name="Datatype">The protocol's name of its element type.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Data">Its elements, little-endian and row-major.</param>
public sealed record NpyArray(string Datatype, long[] Shape, byte[] Data)
{
    /// <summary>The elements as numbers, for comparison.</summary>
    public double[] ToDoubles() => Datatype switch
    {
        "FP32" => Convert(sizeof(float), i => BitConverter.ToSingle(Data, i)),
        "FP64" => Convert(sizeof(double), i => BitConverter.ToDouble(Data, i)),
        "INT64" => Convert(sizeof(long), i => BitConverter.ToInt64(Data, i)),
        "INT32" => Convert(sizeof(int), i => BitConverter.ToInt32(Data, i)),
        "BOOL" or "UINT8" => Convert(1, i => Data[i]),
        _ => throw new NotSupportedException(Datatype),
    };

    private double[] Convert(int size, Func<int, double> read) => [.. Enumerable.Range(0, Data.Length / size).Select(i => read(i * size))];
}
