using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serving.Deployment.Tests.Docker;

/// <summary>Answers one HTTP request with a status, and keeps the request's first line.</summary>
internal sealed class OneAnswerServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public OneAnswerServer(int status)
    {
        _listener.Start();
        Request = AnswerAsync(status);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task<string> Request { get; }

    public void Dispose() => _listener.Stop();

    private async Task<string> AnswerAsync(int status)
    {
        using var client = await _listener.AcceptTcpClientAsync().WaitAsync(Limit);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var request = await reader.ReadLineAsync().WaitAsync(Limit);
        while (await reader.ReadLineAsync().WaitAsync(Limit) is { Length: > 0 })
        {
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n")).AsTask().WaitAsync(Limit);
        return request!;
    }
}
