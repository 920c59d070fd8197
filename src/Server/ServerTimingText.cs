using System.Globalization;
using Serving.Runtime.Inference;

namespace Serving.Server;

/// <summary>Stage times as the header <c>Server-Timing</c> of REST and the trailer of gRPC have them: names and milliseconds.</summary>
internal static class ServerTimingText
{
    public static string Format(in StageTimes stages) => string.Create(
        CultureInfo.InvariantCulture,
        $"queue;dur={stages.Queue.TotalMilliseconds:0.####}, input;dur={stages.Input.TotalMilliseconds:0.####}, infer;dur={stages.Infer.TotalMilliseconds:0.####}, output;dur={stages.Output.TotalMilliseconds:0.####}, total;dur={stages.Total.TotalMilliseconds:0.####}");
}
