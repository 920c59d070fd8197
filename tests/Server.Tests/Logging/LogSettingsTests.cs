using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Serving.Contracts.Inference;
using Serving.Server.Hosting;
using Serving.Server.Tests.Grpc;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Logging;

/// <summary>The logging extension on a running server: what it answers, and that the log follows.</summary>
public class LogSettingsTests
{
    private const string Path = "/v2/logging";
    private const string Rpc = "/inference.GRPCInferenceService/LogSettings";
    private const string Default = """{"log_file":"","log_info":true,"log_warning":true,"log_error":true,"log_verbose_level":0,"log_format":"default"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Rest_ReadAndChange_ShowsAllSettings()
    {
        await using var server = await StartAsync();

        Assert.Equal(Default, await server.Http.GetStringAsync(Path).WaitAsync(Patience));
        Assert.Equal(
            Default.Replace("\"log_verbose_level\":0", "\"log_verbose_level\":1", StringComparison.Ordinal),
            await PostAsync(server, """{"log_verbose_level":1}""", HttpStatusCode.OK));
        Assert.Equal(Default, await PostAsync(server, """{"log_verbose_level":0,"log_info":null}""", HttpStatusCode.OK));
        Assert.Equal(Default, await PostAsync(server, "", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Rest_OneSettingIsWrong_ChangesNone()
    {
        await using var server = await StartAsync();

        Assert.Contains("expect boolean for 'log_error'", await PostAsync(server, """{"log_info":false,"log_error":"no"}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("log file location can not be updated", await PostAsync(server, """{"log_file":"x"}""", HttpStatusCode.NotImplemented), StringComparison.Ordinal);
        Assert.Contains("not valid JSON", await PostAsync(server, "{", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("cannot be an object", await PostAsync(server, """{"log_info":{}}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("a text that is none", await PostAsync(server, """{"log_format":"\ud800"}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("must be a JSON object", await PostAsync(server, "[]", HttpStatusCode.BadRequest), StringComparison.Ordinal);

        Assert.Equal(Default, await server.Http.GetStringAsync(Path).WaitAsync(Patience));
    }

    [Fact]
    public async Task Grpc_ReadAndChange_ShowsAllSettings()
    {
        await using var server = await StartAsync();
        using var client = new GrpcTestClient(server.GrpcAddress);
        var change = new LogSettingsRequest();
        change.Settings["log_info"] = new() { BoolParam = false };
        change.Settings["log_verbose_level"] = new() { Uint32Param = 3 };
        change.Settings["log_format"] = new() { StringParam = "ISO8601" };

        var before = await client.CallAsync<LogSettingsResponse>(Rpc, new LogSettingsRequest());
        var after = await client.CallAsync<LogSettingsResponse>(Rpc, change);

        Assert.Equal((true, 0u, "default"), (before.Settings["log_info"].BoolParam, before.Settings["log_verbose_level"].Uint32Param, before.Settings["log_format"].StringParam));
        Assert.Equal((false, 3u, "ISO8601"), (after.Settings["log_info"].BoolParam, after.Settings["log_verbose_level"].Uint32Param, after.Settings["log_format"].StringParam));
        Assert.Equal(["log_error", "log_file", "log_format", "log_info", "log_verbose_level", "log_warning"], after.Settings.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Grpc_EmptyValue_IsRefused()
    {
        await using var server = await StartAsync();
        using var client = new GrpcTestClient(server.GrpcAddress);
        var change = new LogSettingsRequest();
        change.Settings["log_info"] = new();

        var reply = await client.CallAsync(Rpc, change);

        Assert.Equal(3, reply.Status);
        Assert.StartsWith("expect boolean for 'log_info'", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_FromElsewhere_NeedsTheKeyAndReadingDoesNot()
    {
        await using var host = await GrpcHost.StartAsync(options => options.ManagementKey = "open");
        host.RemoteAddress = IPAddress.Parse("192.0.2.1");
        var change = new LogSettingsRequest();
        change.Settings["log_info"] = new() { BoolParam = false };

        Assert.Equal(0, (await host.Client.CallAsync(Rpc, new LogSettingsRequest())).Status);
        Assert.Equal(7, (await host.Client.CallAsync(Rpc, change)).Status);
        Assert.True((await host.Client.CallAsync<LogSettingsResponse>(Rpc, new LogSettingsRequest())).Settings["log_info"].BoolParam);
        Assert.Equal(0, (await host.Client.CallAsync(Rpc, change, ("authorization", "Bearer open"))).Status);
    }

    [Fact]
    public async Task Change_Levels_TheLogFollowsAtOnce()
    {
        await using var server = await StartAsync();
        server.Logs.Expect(_ => true);
        var logger = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Serving.Test");
        var framework = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Test");
        Assert.Equal("Information Warning Error Critical", Enabled(logger));
        Assert.Equal("Warning Error Critical", Enabled(framework));

        await PostAsync(server, """{"log_verbose_level":1,"log_warning":false}""", HttpStatusCode.OK);
        Assert.Equal("Debug Information Error Critical", Enabled(logger));
        Assert.Equal("Debug Information Error Critical", Enabled(framework));

        await PostAsync(server, """{"log_verbose_level":2,"log_info":false,"log_error":false}""", HttpStatusCode.OK);
        Assert.Equal("Trace Debug Critical", Enabled(logger));

        await PostAsync(server, """{"log_verbose_level":0}""", HttpStatusCode.OK);
        Assert.Equal("Critical", Enabled(logger));

        await PostAsync(server, """{"log_info":true,"log_warning":true,"log_error":true}""", HttpStatusCode.OK);
        Assert.Equal("Information Warning Error Critical", Enabled(logger));
        Assert.Equal("Warning Error Critical", Enabled(framework));
        Assert.Equal("", Enabled(server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics")));
    }

    [Fact]
    public async Task Change_Format_TheTimesOfTheConsoleFollow()
    {
        await using var server = await StartAsync();
        var console = server.Services.GetRequiredService<IOptionsMonitor<SimpleConsoleFormatterOptions>>();
        Assert.Equal("HH:mm:ss.fff ", console.CurrentValue.TimestampFormat);

        await PostAsync(server, """{"log_format":"ISO8601"}""", HttpStatusCode.OK);

        Assert.Equal(("yyyy-MM-ddTHH:mm:ss.fffZ ", true), (console.CurrentValue.TimestampFormat, console.CurrentValue.UseUtcTimestamp));
    }

    [Fact]
    public async Task Change_FormatOfAServerThatWritesJson_IsRefused()
    {
        await using var server = await StartAsync(options => options.LogFormat = LogFormat.Json);

        Assert.Contains("\"log_format\":\"ISO8601\"", await server.Http.GetStringAsync(Path).WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Contains("--log-format json", await PostAsync(server, """{"log_format":"default"}""", HttpStatusCode.NotImplemented), StringComparison.Ordinal);
        await PostAsync(server, """{"log_format":"ISO8601"}""", HttpStatusCode.OK);
    }

    private static Task<RunningServer> StartAsync(Action<ServingOptions>? configure = null) => RunningServer.StartAsync(configure ?? (_ => { }), waitUntilReady: false);

    private static string Enabled(ILogger logger) =>
        string.Join(' ', Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None && logger.IsEnabled(level)));

    private static async Task<string> PostAsync(RunningServer server, string body, HttpStatusCode status)
    {
        using var response = await server.Http.PostAsync(Path, new StringContent(body, Encoding.UTF8)).WaitAsync(Patience);
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(response.StatusCode == status, text);
        return text;
    }
}
