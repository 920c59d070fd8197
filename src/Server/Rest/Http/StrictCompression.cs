using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Http;

/// <summary>
/// Makes .NET report a compressed stream that ends too early. Without this it ends like a whole one, and half a request would be
/// taken for all of it. The switch is read once, when the first such stream is made, so it is set when the program starts.
/// </summary>
internal static class StrictCompression
{
    [ModuleInitializer]
    internal static void TurnOn() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
}
