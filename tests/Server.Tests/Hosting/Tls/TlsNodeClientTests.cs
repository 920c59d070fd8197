using System.Diagnostics;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Hosting.Tls;

/// <summary>Node's gRPC client over mutual TLS, on a port of its own and on the one port of everything.</summary>
public sealed class TlsNodeClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeClient_EveryRpc_WorksOverMutualTls(bool onePort)
    {
        using var folder = new CertificateFolder();
        folder.Issue("server");
        folder.Issue("client", folder.At("client.crt"), folder.At("client.key"));
        new OnnxGraphBuilder()
            .Input("x", "FP32", "rows", "columns")
            .Output("y", "FP32", "rows", "columns")
            .Node("Identity", ["x"], ["y"])
            .Save(folder.At("models/echo.onnx"));
        await using var server = await RunningServer.StartAsync(options =>
        {
            folder.Secure(options);
            options.TlsClientCa = folder.Ca;
            options.Port = onePort ? 0 : null;
            options.Repository.Add(folder.At("models"));
            options.SettleTime = TimeSpan.Zero;
        });

        var script = Path.Combine(SourceTree.Root, "tests", "clients", "node", "client.mjs");
        var start = new ProcessStartInfo("node", [script, server.GrpcAddress.Authority, "echo", folder.Ca, folder.At("client.crt"), folder.At("client.key")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var client = Process.Start(start)!;
        var (output, errors) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        try
        {
            await client.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }

        Assert.True(client.ExitCode == 0, $"{await output.WaitAsync(Patience)}\n{await errors.WaitAsync(Patience)}");
        Assert.Contains("ok ModelInfer large", await output.WaitAsync(Patience), StringComparison.Ordinal);
    }
}
