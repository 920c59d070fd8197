namespace Serving.Server.Classification;

/// <summary>Finds the largest of many values without sorting them all: outputs can have millions.</summary>
internal static class ClassRanking
{
    /// <summary>The places of the <paramref name="count"/> largest values, largest first; of equal ones the first. Not-a-number is least.</summary>
    public static int[] Best<T>(ReadOnlySpan<T> values, int count)
        where T : IComparable<T>
    {
        // The worst of those kept is first in the queue.
        var kept = new PriorityQueue<int, (T Value, int Index)>(count, WorstFirst<T>.Instance);
        for (var i = 0; i < values.Length; i++)
        {
            if (kept.Count < count)
            {
                kept.Enqueue(i, (values[i], i));
            }
            else if (count > 0 && values[i].CompareTo(values[kept.Peek()]) > 0)
            {
                kept.DequeueEnqueue(i, (values[i], i));
            }
        }

        var best = new int[kept.Count];
        for (var i = best.Length - 1; i >= 0; i--)
        {
            best[i] = kept.Dequeue();
        }

        return best;
    }

    private sealed class WorstFirst<T> : IComparer<(T Value, int Index)>
        where T : IComparable<T>
    {
        public static WorstFirst<T> Instance { get; } = new();

        public int Compare((T Value, int Index) one, (T Value, int Index) other)
        {
            var order = one.Value.CompareTo(other.Value);
            return order != 0 ? order : other.Index.CompareTo(one.Index);
        }
    }
}
