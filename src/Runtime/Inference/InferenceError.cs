namespace Serving.Runtime.Inference;

/// <summary>The closed set of reasons for which a request can fail. The names are also the metrics' labels.</summary>
public enum InferenceError : byte
{
    /// <summary>No model, version, tensor or route of that name.</summary>
    NotFound,

    /// <summary>The model is known but not ready.</summary>
    NotReady,

    /// <summary>The request is malformed or does not fit the model.</summary>
    InvalidInput,

    /// <summary>The body or a tensor exceeds a limit.</summary>
    TooLarge,

    /// <summary>Queues are full or the answer would come too late; worth a retry.</summary>
    Overloaded,

    /// <summary>The request's deadline passed.</summary>
    DeadlineExceeded,

    /// <summary>The client went away or cancelled.</summary>
    Cancelled,

    /// <summary>The thing to create exists.</summary>
    AlreadyExists,

    /// <summary>No valid credentials.</summary>
    Unauthorised,

    /// <summary>Valid credentials, or none needed, but not allowed.</summary>
    Forbidden,

    /// <summary>Understood, but not offered by this server, build or model.</summary>
    Unsupported,

    /// <summary>The model's graph failed while it ran.</summary>
    BackendFailed,

    /// <summary>The server is starting or shutting down.</summary>
    Unavailable,
}
