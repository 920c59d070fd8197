namespace Serving.Server.Http2;

/// <summary>The client broke a rule in a way that ends the connection.</summary>
/// <param name="error">What GOAWAY says.</param>
/// <param name="message">What was wrong; sent along for whoever looks into it.</param>
internal sealed class Http2Exception(Http2Error error, string message) : Exception(message)
{
    public Http2Error Error => error;
}
