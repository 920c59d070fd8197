using System.Runtime.CompilerServices;
using Serving.Server.Rest.Http;

namespace Serving.Server.Tests.Rest.Http;

/// <summary>Here the server's code is loaded after the tests', some of which may decompress first.</summary>
internal static class StrictCompressionBeforeTests
{
    [ModuleInitializer]
    internal static void TurnOn() => StrictCompression.TurnOn();
}
