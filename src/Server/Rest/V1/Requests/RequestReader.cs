using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads the JSON of a request. Malformed JSON is thrown by System.Text.Json.</summary>
/// <param name="json">The whole JSON, valid UTF-8.</param>
/// <param name="model">The model that it is for.</param>
/// <param name="limit">The most bytes that a request may become.</param>
internal delegate Outcome<V1Request> RequestReader(ReadOnlySpan<byte> json, ModelMetadata model, long limit);
