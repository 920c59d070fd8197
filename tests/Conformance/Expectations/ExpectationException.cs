namespace Serving.Conformance.Expectations;

/// <summary>An answer is not what the case expects; the message says where and how.</summary>
internal sealed class ExpectationException(string message) : Exception(message);
