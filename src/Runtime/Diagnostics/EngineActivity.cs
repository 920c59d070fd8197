using System.Diagnostics;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Diagnostics;

/// <summary>The engine's spans: one for each inference, under whatever span the protocol has opened.</summary>
public static class EngineActivity
{
    /// <summary>The activity source's name.</summary>
    public const string SourceName = "Serving.Engine";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody wants spans.</summary>
    internal static bool IsWatched => Source.HasListeners();

    internal static Activity? Start(InferenceRequest request)
    {
        var activity = Source.StartActivity("infer", ActivityKind.Internal);
        activity?.SetTag("serving.model", request.ModelName);
        activity?.SetTag("serving.request_id", request.Id);
        return activity;
    }

    internal static void Finish(Activity? activity, in Outcome<InferenceResponse> outcome)
    {
        if (activity is null)
        {
            return;
        }

        if (outcome.TryGetValue(out var response, out var failure))
        {
            activity.SetTag("serving.version", response.ModelVersion);
            activity.SetTag("serving.queue_ms", response.Stages.Queue.TotalMilliseconds);
            activity.SetTag("serving.input_ms", response.Stages.Input.TotalMilliseconds);
            activity.SetTag("serving.infer_ms", response.Stages.Infer.TotalMilliseconds);
            activity.SetTag("serving.output_ms", response.Stages.Output.TotalMilliseconds);
        }
        else
        {
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
            activity.SetTag("error.type", failure.Error.ToString());
        }
    }
}
