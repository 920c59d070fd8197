namespace Serving.Runtime.Inference;

/// <summary>An expected failure, as a value: what kind, and a sentence for the user.</summary>
/// <param name="Error">The kind.</param>
/// <param name="Message">What was wrong, where, and what was expected.</param>
public sealed record InferenceFailure(InferenceError Error, string Message)
{
    /// <summary>When a retry may succeed, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static InferenceFailure NotFound(string message) => new(InferenceError.NotFound, message);

    public static InferenceFailure NotReady(string message) => new(InferenceError.NotReady, message);

    public static InferenceFailure InvalidInput(string message) => new(InferenceError.InvalidInput, message);

    public static InferenceFailure TooLarge(string message) => new(InferenceError.TooLarge, message);

    public static InferenceFailure Overloaded(string message) => new(InferenceError.Overloaded, message);

    public static InferenceFailure Unsupported(string message) => new(InferenceError.Unsupported, message);

    public static InferenceFailure BackendFailed(string message) => new(InferenceError.BackendFailed, message);

    public static InferenceFailure Cancelled { get; } = new(InferenceError.Cancelled, "the request was cancelled");

    public static InferenceFailure DeadlineExceeded { get; } = new(InferenceError.DeadlineExceeded, "the request's deadline has passed");
}
