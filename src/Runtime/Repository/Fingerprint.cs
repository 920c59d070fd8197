using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serving.Runtime.Repository;

/// <summary>A short text that differs where names, sizes or times of files differ.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<FolderFile> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            // No name contains a zero character.
            text.Append(CultureInfo.InvariantCulture, $"{file.Name}\0{file.Size}\0{file.Modified.UtcTicks}\0");
        }

        return Of(text.ToString());
    }

    public static string Of(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
