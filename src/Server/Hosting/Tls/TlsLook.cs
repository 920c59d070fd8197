namespace Serving.Server.Hosting.Tls;

/// <summary>What a look at the files found: their contents, or why they cannot be read.</summary>
internal sealed record TlsLook(TlsFiles? Files, string? Problem)
{
    public static TlsLook At(ServingOptions options)
    {
        try
        {
            return new TlsLook(TlsFiles.Read(options), null);
        }
        catch (TlsException exception)
        {
            return new TlsLook(null, exception.Message);
        }
    }
}
