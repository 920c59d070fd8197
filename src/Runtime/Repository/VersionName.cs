using System.Globalization;

namespace Serving.Runtime.Repository;

/// <summary>Which folder names are versions: positive integers of 64 bits without leading zeros.</summary>
internal static class VersionName
{
    /// <summary>Whether the name consists of digits, and so is meant as a version.</summary>
    public static bool IsMeant(string name) => name.Length > 0 && name.All(char.IsAsciiDigit);

    /// <summary>The version; null where the name is none.</summary>
    public static long? Parse(string name) =>
        IsMeant(name) && name[0] != '0' && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
