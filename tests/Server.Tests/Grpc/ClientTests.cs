using System.Diagnostics;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Grpc;

/// <summary>The clients that people really use, each against the services on a real Kestrel.</summary>
public class ClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private static readonly string Clients = Path.Combine(FindRoot(), "tests", "clients");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeClient_EveryRpc_Works(bool realEngine)
    {
        var folder = Path.Combine(Clients, "node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "The packages of the Node client are missing: run 'npm ci' in tests/clients/node.");

        await RunAsync(realEngine, "node", Path.Combine(folder, "client.mjs"), "apt-get install nodejs");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task PythonClient_EveryRpc_Works(bool realEngine) => RunAsync(
        realEngine,
        "/usr/bin/python3",
        Path.Combine(Clients, "python", "client.py"),
        "apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc");

    private static async Task RunAsync(bool realEngine, string program, string script, string remedy)
    {
        await using var engine = realEngine ? await EchoEngine.StartAsync() : null;
        await using var host = engine is null ? await GrpcHost.StartAsync(AllowSharedMemory) : await GrpcHost.StartAsync(engine.Engine, AllowSharedMemory);
        using var client = new Process
        {
            StartInfo = new ProcessStartInfo(program, [script, host.Address.Authority, "echo", .. realEngine ? ["real"] : Array.Empty<string>()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        client.StartInfo.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        Start(client, remedy);
        var output = client.StandardOutput.ReadToEndAsync();
        var errors = client.StandardError.ReadToEndAsync();
        try
        {
            await client.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }

        var text = $"{await output.WaitAsync(Patience)}\n{await errors.WaitAsync(Patience)}";
        Assert.True(client.ExitCode == 0, $"{script} failed; where a module is missing, try: {remedy}\n{text}");
        Assert.True(text.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)) >= 17, text);
        Assert.Empty(host.Errors.Messages);
    }

    private static void AllowSharedMemory(ServingOptions options) => options.AllowSharedMemory = true;

    private static void Start(Process client, string remedy)
    {
        try
        {
            client.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Fail($"{client.StartInfo.FileName} cannot be started ({e.Message}); try: {remedy}");
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serving.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie below Serving.sln.");
        }

        return folder.FullName;
    }
}
