using System.Buffers;

namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// The places where the planner may cut. Up to so many requests every one is a piece; beyond, pieces are as many requests
/// as is needed, but no more than fit a batch. Its memory is pooled.
/// </summary>
internal readonly ref struct PlanPieces
{
    private readonly int[] _numbers;
    private readonly double[] _least;

    public PlanPieces(ReadOnlySpan<WaitingRequest> sorted, PlanLimits limits, int most)
    {
        // Besides the pieces of the largest size there is at most one for each request that does not fit with its neighbour.
        var room = sorted.Length + 1;
        _numbers = ArrayPool<int>.Shared.Rent(3 * room);
        _least = ArrayPool<double>.Shared.Rent(room);
        Starts = _numbers.AsSpan(0, room);
        RowsBefore = _numbers.AsSpan(room, room);
        From = _numbers.AsSpan(2 * room, room);
        Least = _least.AsSpan(0, room);
        Count = Divide(sorted, limits, (sorted.Length + most - 1) / most);
    }

    /// <summary>How many places there are, both ends included.</summary>
    public int Count { get; }

    /// <summary>The index of the request behind each place.</summary>
    public Span<int> Starts { get; }

    /// <summary>The rows before each place.</summary>
    public Span<int> RowsBefore { get; }

    /// <summary>Where the last batch before each place begins, to be filled in.</summary>
    public Span<int> From { get; }

    /// <summary>The cost up to each place, to be filled in.</summary>
    public Span<double> Least { get; }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_numbers);
        ArrayPool<double>.Shared.Return(_least);
    }

    private int Divide(ReadOnlySpan<WaitingRequest> sorted, PlanLimits limits, int most)
    {
        var (places, rows, pieceRows, count) = (1, 0, 0, 0);
        (Starts[0], RowsBefore[0]) = (0, 0);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (count > 0 && (count == most || !limits.Allow(pieceRows + sorted[i].Rows, sorted[i].Length)))
            {
                (Starts[places], RowsBefore[places++]) = (i, rows);
                (pieceRows, count) = (0, 0);
            }

            rows += sorted[i].Rows;
            pieceRows += sorted[i].Rows;
            count++;
        }

        (Starts[places], RowsBefore[places++]) = (sorted.Length, rows);
        return places;
    }
}
