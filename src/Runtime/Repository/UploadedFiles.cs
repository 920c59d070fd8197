using Serving.Runtime.Inference;

namespace Serving.Runtime.Repository;

/// <summary>A model's files as a client sent them, in a folder of their own that only this process's user may read. Disposed, they are gone.</summary>
internal sealed class UploadedFiles : IDisposable
{
    // Arbitrary; the largest known export has a few hundred files.
    private const int MostFiles = 1000;

    private UploadedFiles(string path) => Path = path;

    /// <summary>The folder, laid out as a model's: <c>VERSION/NAME</c>.</summary>
    public string Path { get; }

    /// <summary>Writes files by their paths, or says which of them cannot be taken.</summary>
    public static Outcome<UploadedFiles> Write(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (files.Count > MostFiles)
        {
            return InferenceFailure.InvalidInput($"{files.Count} files are given; allowed are {MostFiles}");
        }

        foreach (var path in files.Keys)
        {
            if (!IsAllowed(path))
            {
                return InferenceFailure.InvalidInput(
                    $"the file '{path}' cannot be taken; allowed is VERSION/NAME, where VERSION is an integer from 1 and NAME a relative path "
                    + "whose parts do not begin with a dot");
            }
        }

        var folder = new UploadedFiles(Directory.CreateTempSubdirectory("serving-model-").FullName);
        try
        {
            foreach (var (path, content) in files)
            {
                folder.Write(path, content.Span);
            }

            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            folder.Dispose();
            return InferenceFailure.BackendFailed($"the files could not be written: {error.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Windows keeps libraries that are loaded. The folder lies where the system cleans up.
        }
    }

    private static bool IsAllowed(string path)
    {
        // What file systems allow: 255 bytes a part, four for a character at most.
        var parts = path.Split('/');
        return parts.Length is > 1 and < 8
            && VersionName.Parse(parts[0]) is not null
            && parts.All(part => part.Length is > 0 and < 64 && part[0] != '.' && !part.Any(c => char.IsControl(c) || c is '\\' or ':'));
    }

    private void Write(string path, ReadOnlySpan<byte> content)
    {
        var target = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        using var file = new FileStream(target, FileMode.CreateNew);
        file.Write(content);
    }
}
