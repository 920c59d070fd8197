using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Serving.Server.Logging;

/// <summary>Has options of the logging framework made anew whenever the log settings change.</summary>
internal sealed class LogChangeSource<TOptions>(LogState state) : IOptionsChangeTokenSource<TOptions>
{
    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => state.GetChangeToken();
}
