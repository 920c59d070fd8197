using Serving.Runtime.Inference;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Sends the answer to a request. Null, or why it cannot be sent; then nothing was.</summary>
internal delegate ValueTask<InferenceFailure?> AnswerWriter(HttpContext context, InferenceResponse response);
