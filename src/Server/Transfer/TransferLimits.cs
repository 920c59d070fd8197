using Microsoft.Extensions.Options;
using Serving.Server.Hosting;

namespace Serving.Server.Transfer;

/// <summary>How long a client may take for each piece of a body that it sends or of an answer that it takes.</summary>
/// <param name="Patience">The longest time for a piece.</param>
/// <param name="Time">The clock.</param>
internal sealed record TransferLimits(TimeSpan Patience, TimeProvider Time)
{
    /// <summary>The length of a piece. With the default of 30 s it makes 4 KiB a second the least; arbitrary.</summary>
    public const int Piece = 128 * 1024;

    public static TransferLimits Of(HttpContext context) => new(
        context.RequestServices.GetRequiredService<IOptions<ServingOptions>>().Value.TransferTimeout,
        context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System);
}
