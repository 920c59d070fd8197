using System.Text;

namespace Serving.Fuzz.Targets;

/// <summary>The words of infer requests over REST.</summary>
internal static class RestTokens
{
    public static IReadOnlyList<byte[]> List { get; } =
    [
        .. ((string[])
        [
            "{", "}", "[", "]", "[]", "{}", "\"", "\\", ",", ":", "[[", "]]", "],[", " ", "\n", "null", "true", "false", "NaN", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"",
            "-Infinity", "\\ud800", "\\ud83d\\ude00", "\\u0000", "\\u006e", "\\n", "/*x*/", "//x\n", "'", "é", "\uFEFF", "-", "-1", "0", "-0", "1e2", "1E-2", "3.0", "1e999",
            "18446744073709551615", "9223372036854775808", "0.1", "\"data\":", "\"data\":[1,2],", "\"shape\":[2],", "\"shape\":[],", "\"shape\":[0],", "\"shape\":[2,0],",
            "\"name\":\"x\",", "\"name\":\"y\",", "\"datatype\":\"BOOL\",", "\"datatype\":\"INT8\",", "\"datatype\":\"UINT64\",", "\"datatype\":\"FP16\",",
            "\"datatype\":\"BF16\",", "\"datatype\":\"BYTES\",", "\"parameters\":{", "\"parameters\":{\"binary_data_size\":4},", "\"binary_data_size\":", "\"inputs\":",
            "\"inputs\":[", "\"outputs\":[", "\"id\":\"7\",", "\"id\":null,", "\"timeout\":5", "\"classification\":2", "\"shared_memory_region\":\"r\"", "\"priority\":1",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0], [0xFF, 0xFF, 0xFF, 0x7F], [4, 0, 0, 0],
    ];
}
