using System.Net;
using System.Net.Sockets;
using Serving.Benchmarks.Loads;

namespace Serving.Benchmarks.Rig;

/// <summary>nginx with one worker on the server's core, which answers a file over HTTP/2 without TLS.</summary>
internal sealed class NginxPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-bench-nginx-");
    private readonly ChildProcess _process;
    private readonly int _port;

    /// <param name="bytes">The file's length.</param>
    public NginxPeer(int bytes)
    {
        _port = FreePort();
        File.WriteAllBytes(Path.Combine(_folder.FullName, "answer"), new byte[bytes]);
        var settings = Path.Combine(_folder.FullName, "nginx.conf");
        File.WriteAllText(settings, $$"""
            daemon off;
            master_process off;
            pid {{_folder.FullName}}/nginx.pid;
            error_log stderr error;
            events { worker_connections 1024; }
            http {
              access_log off;
              open_file_cache max=10;
              keepalive_requests 1000000000;
              client_body_temp_path {{_folder.FullName}}/body;
              proxy_temp_path {{_folder.FullName}}/proxy;
              fastcgi_temp_path {{_folder.FullName}}/fastcgi;
              uwsgi_temp_path {{_folder.FullName}}/uwsgi;
              scgi_temp_path {{_folder.FullName}}/scgi;
              server { listen 127.0.0.1:{{_port}} http2; root {{_folder.FullName}}; }
            }
            """);
        _process = ChildProcess.Start(Cores.Server, "nginx", "-e", "stderr", "-p", _folder.FullName, "-c", settings);
    }

    /// <summary>Waits until it listens.</summary>
    public async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }

    public Task<LoadResult> LoadAsync(double seconds) =>
        H2Load.RunAsync(new Uri($"http://127.0.0.1:{_port}/answer"), seconds, H2Load.Connections, H2Load.Streams);

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
