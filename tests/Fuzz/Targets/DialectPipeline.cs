using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime;
using Serving.Runtime.Models;
using Serving.Server;
using Serving.Server.Hosting;
using Serving.Server.Rest.HuggingFace;
using Serving.Server.Rest.OpenAi;
using Serving.Server.Rest.Tasks;
using Serving.Server.Rest.Tei;
using Serving.TestKit.Tasks;

namespace Serving.Fuzz.Targets;

/// <summary>
/// The dialects over a real engine with small models, without a network: a request is answered when the call returns. Nothing turns
/// exceptions into answers here.
/// </summary>
internal sealed class DialectPipeline
{
    private static readonly Lazy<DialectPipeline> One = new(Start);

    private readonly RequestDelegate _pipeline;
    private readonly IServiceProvider _services;

    private DialectPipeline(RequestDelegate pipeline, IServiceProvider services)
    {
        _pipeline = pipeline;
        _services = services;
    }

    /// <summary>The one of this process, which lives as long as it.</summary>
    public static DialectPipeline Instance => One.Value;

    /// <summary>The status and the body that a body is answered with.</summary>
    public (int Status, byte[] Body) Post(string path, string? type, byte[] body)
    {
        using var answer = new MemoryStream();
        using var scope = _services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        context.Request.Method = "POST";
        context.Request.Path = new PathString(path);
        context.Request.ContentType = type;
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body, writable: false);
        Answer(context).GetAwaiter().GetResult();
        return (context.Response.StatusCode, answer.ToArray());
    }

    private async Task Answer(DefaultHttpContext context)
    {
        await _pipeline(context);
        await context.Response.CompleteAsync();
    }

    private static DialectPipeline Start()
    {
        var folder = Directory.CreateTempSubdirectory("serving-fuzz-dialects-");
        DialectModels.Save(folder.FullName);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var options = new ServingOptions { ModelControlMode = ModelControlMode.None, SettleTime = TimeSpan.Zero, MaxRequestBytes = 1 << 20 };
        options.Repository.Add(folder.FullName);
        var engine = new InferenceEngine(options, app.Services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance, TimeProvider.System);
        engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();

        // They are in memory now, and nobody looks at the folder again.
        folder.Delete(recursive: true);
        var caller = new TaskCaller(EngineDoor.Of(engine), options, TimeProvider.System);
        app.UseRouting();
        app.MapOpenAi(caller);
        app.MapTei(caller);
        new HubEndpoints(caller).Map(app);
        app.UseEndpoints(_ => { });
        return new DialectPipeline(((IApplicationBuilder)app).Build(), app.Services);
    }
}
