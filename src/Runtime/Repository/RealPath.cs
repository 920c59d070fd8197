namespace Serving.Runtime.Repository;

/// <summary>Resolves links in every part of a path, so that two paths of one folder can be recognised.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The path without links.</summary>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Of(string path) => Of(Path.GetFullPath(path), MostLinks);

    private static string Of(string path, int linksLeft)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            var target = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: false);
            if (target is not null && linksLeft-- == 0)
            {
                throw new IOException($"The links of {path} go round in a circle.");
            }

            real = target is null ? next : Of(target.FullName, linksLeft);
        }

        return real;
    }
}
