namespace Serving.Runtime.Inference;

/// <summary>How long a request spent in each stage. The metrics, spans and headers all come from this.</summary>
/// <param name="Queue">From the engine's acceptance until its batch was formed.</param>
/// <param name="Input">Copying the rows into the batch.</param>
/// <param name="Infer">The run of the graph.</param>
/// <param name="Output">Slicing the outputs.</param>
/// <param name="Total">From the request's first byte, or its acceptance, until the answer was ready to be written.</param>
public readonly record struct StageTimes(TimeSpan Queue, TimeSpan Input, TimeSpan Infer, TimeSpan Output, TimeSpan Total);
