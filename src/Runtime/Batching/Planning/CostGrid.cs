using System.Numerics;

namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// The points at which costs are kept: rows by powers of two, lengths by four steps an octave, since run times bend most
/// where either is small. Between points they are interpolated in both directions.
/// </summary>
internal static class CostGrid
{
    public const int RowPoints = 12;
    public const int LengthPoints = 68;

    private const int StepsPerOctave = 4;

    /// <summary>Rows at a point: 1, 2, 4, ...</summary>
    public static int RowsAt(int point) => 1 << point;

    /// <summary>The length at a point: 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ... up to 262,144.</summary>
    public static int LengthAt(int point)
    {
        var (octave, step) = ((point + 1) / StepsPerOctave, (point + 1) % StepsPerOctave);
        return octave == 0 ? step : (StepsPerOctave + step) << (octave - 1);
    }

    /// <summary>The point at or below a number of rows, and how far towards the next it lies, 0 to below 1.</summary>
    public static (int Point, double Part) OfRows(int rows)
    {
        var point = Math.Min(BitOperations.Log2((uint)Math.Max(rows, 1)), RowPoints - 2);
        return (point, Math.Min((double)(rows - RowsAt(point)) / RowsAt(point), 1));
    }

    /// <summary>The point at or below a length, and how far towards the next it lies.</summary>
    public static (int Point, double Part) OfLength(int length)
    {
        var limited = Math.Clamp(length, 1, LengthAt(LengthPoints - 1));
        var octave = BitOperations.Log2((uint)limited);
        var point = limited < StepsPerOctave ? limited - 1
            : ((octave - 1) * StepsPerOctave) + ((limited >> (octave - 2)) & (StepsPerOctave - 1)) - 1;
        point = Math.Min(point, LengthPoints - 2);
        var (low, high) = (LengthAt(point), LengthAt(point + 1));
        return (point, (double)(limited - low) / (high - low));
    }
}
