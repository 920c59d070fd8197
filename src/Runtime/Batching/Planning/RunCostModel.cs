namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// Learns what runs of one model on one provider take. Every run moves the four grid points around it towards what was
/// measured (lattice regression, a step in the logarithm), the first runs farther than later ones; points that no run has touched
/// follow their nearest neighbour along a straight line through all that is known, a fixed part and a part per row and length.
/// Reading takes no lock.
/// </summary>
internal sealed class RunCostModel : IRunCost
{
    /// <summary>How far one run moves the points around it: about the last ten runs count.</summary>
    private const double Rate = 0.1;

    /// <summary>
    /// What is expected of a point before its first run counts as so many runs. A run may be disturbed by others, and who plans by the
    /// least cost seeks out what luck has made cheap and never looks again at what it has made dear.
    /// </summary>
    private const int Expected = 2;

    /// <summary>What was measured with care, or is known, counts as so many runs.</summary>
    private const int Certain = 4;

    /// <summary>A point this near to a run counts as seen.</summary>
    private const double Near = 0.2;

    /// <summary>The spread follows the 99th percentile of measured over predicted by steps of this size.</summary>
    private const double SpreadStep = 0.02;

    private readonly Lock _gate = new();
    private readonly double[] _seconds = new double[CostGrid.RowPoints * CostGrid.LengthPoints];
    private readonly byte[] _known = new byte[CostGrid.RowPoints * CostGrid.LengthPoints];
    private double _spread = 1;
    private long _runs;
    private CostAccuracy _accuracy;

    /// <summary>How many runs it has learned from.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>The 99th percentile of measured over predicted, at least 1.</summary>
    public double Spread => Volatile.Read(ref _spread);

    /// <summary>How well the runs that could be predicted were.</summary>
    public CostAccuracy Accuracy
    {
        get
        {
            lock (_gate)
            {
                return _accuracy;
            }
        }
    }

    /// <summary>What runs have been seen near: rows, length, seconds.</summary>
    public IEnumerable<(int Rows, int Length, double Seconds)> Points =>
        from row in Enumerable.Range(0, CostGrid.RowPoints)
        from length in Enumerable.Range(0, CostGrid.LengthPoints)
        where _known[Index(row, length)] > 0
        select (CostGrid.RowsAt(row), CostGrid.LengthAt(length), _seconds[Index(row, length)]);

    /// <inheritdoc/>
    public double Predict(int rows, int length)
    {
        var (row, rowPart) = CostGrid.OfRows(rows);
        var (column, columnPart) = CostGrid.OfLength(length);
        var index = Index(row, column);
        var fewer = Between(_seconds[index], _seconds[index + 1], columnPart);
        var more = Between(_seconds[index + CostGrid.LengthPoints], _seconds[index + CostGrid.LengthPoints + 1], columnPart);
        var seconds = Between(fewer, more, rowPart);

        // Beyond the grid a run is taken to be as many of its largest as it is larger.
        return rows > CostGrid.RowsAt(CostGrid.RowPoints - 1) ? seconds * rows / CostGrid.RowsAt(CostGrid.RowPoints - 1) : seconds;
    }

    /// <summary>Learns from a run.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="length">The length that each was padded to; 1 for a model without lengths.</param>
    /// <param name="seconds">What it took.</param>
    public void Observe(int rows, int length, double seconds) => Learn(rows, length, seconds, isCertain: false);

    /// <summary>Learns what was measured with care, or is known; the parameters are those of <see cref="Observe"/>.</summary>
    public void Seed(int rows, int length, double seconds) => Learn(rows, length, seconds, isCertain: true);

    private void Learn(int rows, int length, double seconds, bool isCertain)
    {
        if (!(seconds > 0) || rows < 1)
        {
            return;
        }

        lock (_gate)
        {
            _runs++;
            var (row, rowPart) = CostGrid.OfRows(rows);
            var (column, columnPart) = CostGrid.OfLength(length);
            var predicted = Predict(rows, length);
            var isNew = false;
            for (var corner = 0; corner < 4; corner++)
            {
                var weight = ((corner & 2) == 0 ? 1 - rowPart : rowPart) * ((corner & 1) == 0 ? 1 - columnPart : columnPart);
                isNew |= Move(Index(row + (corner >> 1), column + (corner & 1)), weight, seconds, predicted, isCertain);
            }

            if (isNew)
            {
                Fill();
            }
            else
            {
                Widen(seconds / predicted);
                _accuracy = _accuracy.With(seconds, predicted);
            }
        }
    }

    private static int Index(int row, int column) => (row * CostGrid.LengthPoints) + column;

    private static double Between(double from, double to, double part) => from + ((to - from) * part);

    // Answers whether a point has been seen for the first time. The very first of all, and what is certain, are taken as they are.
    private bool Move(int index, double weight, double seconds, double predicted, bool isCertain)
    {
        var known = _known[index];
        if (known == 0 && weight < Near)
        {
            return false;
        }

        var step = known == 0 && (isCertain || predicted <= 0) ? 1 : weight * Math.Max(Rate, 1.0 / (known + Expected));
        _seconds[index] = predicted > 0 ? _seconds[index] * Math.Exp(step * Math.Log(seconds / predicted)) : seconds;
        _known[index] = (byte)Math.Min(known + (isCertain ? Certain : 1), byte.MaxValue);
        return known == 0;
    }

    // A step up for each run above and a ninety-ninth of it down for each below settles where one in a hundred is above.
    private void Widen(double ratio) => _spread = Math.Clamp(_spread * (ratio > _spread ? 1 + SpreadStep : 1 - (SpreadStep / 99)), 1, 10);

    private void Fill()
    {
        var nearest = NearestSeen();
        var (start, slope) = FitLine();
        for (var index = 0; index < _seconds.Length; index++)
        {
            if (_known[index] == 0)
            {
                _seconds[index] = _seconds[nearest[index]] * (start + (slope * Size(index))) / (start + (slope * Size(nearest[index])));
            }
        }
    }

    // For each point the nearest that has been seen, a step in rows counting as much as four in length: a distance transform in
    // two passes, because this runs while a request waits (A. Rosenfeld and J. Pfaltz, 1966, https://doi.org/10.1145/321356.321357).
    private int[] NearestSeen()
    {
        var nearest = new int[_seconds.Length];
        var distance = new int[_seconds.Length];
        for (var index = 0; index < nearest.Length; index++)
        {
            (nearest[index], distance[index]) = (index, _known[index] > 0 ? 0 : int.MaxValue / 2);
            Follow(index, index - CostGrid.LengthPoints, 4);
            Follow(index, index % CostGrid.LengthPoints > 0 ? index - 1 : -1, 1);
        }

        for (var index = nearest.Length - 1; index >= 0; index--)
        {
            Follow(index, index + CostGrid.LengthPoints, 4);
            Follow(index, index % CostGrid.LengthPoints < CostGrid.LengthPoints - 1 ? index + 1 : -1, 1);
        }

        return nearest;

        void Follow(int index, int neighbour, int step)
        {
            if ((uint)neighbour < (uint)nearest.Length && distance[neighbour] + step < distance[index])
            {
                (nearest[index], distance[index]) = (nearest[neighbour], distance[neighbour] + step);
            }
        }
    }

    private static double Size(int index) =>
        (double)CostGrid.RowsAt(index / CostGrid.LengthPoints) * CostGrid.LengthAt(index % CostGrid.LengthPoints);

    // Least squares of relative errors; a line that would start or fall below zero starts at zero.
    private (double Start, double Slope) FitLine()
    {
        double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
        for (var index = 0; index < _seconds.Length; index++)
        {
            if (_known[index] == 0)
            {
                continue;
            }

            var (size, seconds) = (Size(index), _seconds[index]);
            var weight = 1 / (seconds * seconds);
            s0 += weight;
            s1 += weight * size;
            s2 += weight * size * size;
            t0 += weight * seconds;
            t1 += weight * size * seconds;
        }

        var determinant = (s0 * s2) - (s1 * s1);
        var start = ((t0 * s2) - (t1 * s1)) / determinant;
        var slope = ((s0 * t1) - (s1 * t0)) / determinant;
        return determinant > 1e-9 * s0 * s2 && start > 0 && slope > 0 ? (start, slope)
            : determinant > 1e-9 * s0 * s2 && slope <= 0 ? (1, 0)
            : (0, 1);
    }
}
