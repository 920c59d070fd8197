using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Serving.TestKit;

/// <summary>Reads numpy's .npz archives (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).</summary>
public static partial class Npz
{
    /// <summary>The arrays by name.</summary>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(e => e.FullName[..^".npy".Length], Read);
    }

    private static NpyArray Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        var headerLength = bytes[6] == 1 ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToInt32(bytes, 8);
        var headerStart = bytes[6] == 1 ? 10 : 12;
        var header = Encoding.ASCII.GetString(bytes, headerStart, headerLength);
        var type = TypePattern().Match(header).Groups[1].Value;
        long[] shape = [.. ShapePattern().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(d => long.Parse(d, CultureInfo.InvariantCulture))];
        var data = bytes[(headerStart + headerLength)..];
        return header.Contains("'fortran_order': True", StringComparison.Ordinal)
            ? new NpyArray(OipType(type), shape, ToRowMajor(data, shape))
            : new NpyArray(OipType(type), shape, data);
    }

    // numpy keeps the order of an array that was transposed before it was saved.
    private static byte[] ToRowMajor(byte[] data, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, extent) => product * extent);
        var size = (int)(data.Length / count);
        var result = new byte[data.Length];
        var index = new long[shape.Length];
        for (var target = 0L; target < count; target++)
        {
            var (source, stride) = (0L, 1L);
            for (var axis = 0; axis < shape.Length; axis++)
            {
                source += index[axis] * stride;
                stride *= shape[axis];
            }

            data.AsSpan((int)source * size, size).CopyTo(result.AsSpan((int)target * size));
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        return result;
    }

    private static string OipType(string type) => type switch
    {
        "|b1" => "BOOL",
        "|u1" => "UINT8",
        "|i1" => "INT8",
        "<i2" => "INT16",
        "<i4" => "INT32",
        "<i8" => "INT64",
        "<f2" => "FP16",
        "<f4" => "FP32",
        "<f8" => "FP64",
        _ => throw new NotSupportedException($"numpy type {type}"),
    };

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
