using System.Text.Json;

namespace Serving.Server.Rest.Tasks;

/// <summary>Reads lists of token numbers.</summary>
internal static class TokenIds
{
    /// <summary>The numbers; null where it is no list of them.</summary>
    public static int[]? Read(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var ids = new int[list.GetArrayLength()];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out ids[i++]))
            {
                return null;
            }
        }

        return ids;
    }
}
