using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serving.Conformance.Cases;
using Serving.Conformance.Protocols;

namespace Serving.Conformance.Tests;

/// <summary>A suite is worth what it refuses: a server that says yes to everything passes only what asks for no more.</summary>
public sealed class HollowServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Telling = ["json", "tensors", "error", "headers", "text", "messages", "status", "code"];

    [Fact]
    public async Task Cases_ServerThatAnswersEverythingWithAnEmptyObject_PassOnlyWhereNothingElseIsAsked()
    {
        await using var app = Hollow();
        await app.StartAsync().WaitAsync(Patience);
        using var target = await Target.ConnectAsync(new Uri(app.Urls.Single()), null).WaitAsync(Patience);
        var runner = new CaseRunner(target);
        var failed = 0;
        foreach (var one in Suite.All.Where(one => AsksForMore(one) && one.Steps.All(HttpCaller.IsFor)))
        {
            var result = await runner.RunAsync(one).WaitAsync(Patience);

            Assert.True(result.Verdict == Verdict.NotOk || Tolerates(one), $"{one.Name}: {result}");
            failed += result.Verdict == Verdict.NotOk ? 1 : 0;
        }

        Assert.True(failed > 300, $"only {failed} cases failed");
    }

    private static WebApplication Hollow()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(context.Request.Path == "/v2" ? Extensions : "{}");
        });
        return app;
    }

    private static string Extensions => new JsonObject
    {
        ["extensions"] = new JsonArray([.. Suite.All.SelectMany(one => one.Needs).Distinct().Select(need => JsonValue.Create(need))]),
    }.ToJsonString();

    private static bool AsksForMore(ConformanceCase one) =>
        one.Steps.Any(step => step["expect"] is JsonObject expected && expected.Any(pair => Telling.Contains(pair.Key)));

    /// <summary>Cases that an empty object keeps: what may be declined, bodies that may be empty, what must not be there.</summary>
    private static bool Tolerates(ConformanceCase one) => one.Steps.Any(step => step["not_offered_if"] is not null) || one.Steps.All(step =>
        step["expect"] is not JsonObject expected || (expected["text"] is { } text && Regex.IsMatch("{}", (string)text!))
        || expected.ToJsonString().Contains("$absent", StringComparison.Ordinal));
}
