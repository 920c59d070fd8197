namespace Serving.Server.Hosting.Tls;

/// <summary>The content of a file that an option names.</summary>
/// <param name="Option">The option, as the user spells it.</param>
/// <param name="Path">The file as it was given.</param>
/// <param name="Text">What it contains.</param>
internal sealed record TlsFile(string Option, string Path, string Text)
{
    public static TlsFile Read(string option, string path)
    {
        try
        {
            return new TlsFile(option, path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message;
            throw new TlsException($"{option}: '{path}' cannot be read: {reason} (full path: {System.IO.Path.GetFullPath(path)}).");
        }
    }

    public TlsException Wrong(string what) => new($"{Option}: '{Path}' {what}.");
}
