using System.CommandLine;
using System.CommandLine.Invocation;
using Serving.Server.Hosting;

namespace Serving.Server.Commands;

/// <summary>Prints the server's name and version.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>A missing or wrong option does not matter to somebody who asks for the version.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"{ProductInfo.Name} {ProductInfo.Version}");
        return ExitCode.Success;
    }
}
