using System.Text.Json.Nodes;
using Serving.Conformance.Cases;
using Serving.Conformance.Expectations;
using Serving.Conformance.Protocols;

namespace Serving.Conformance;

/// <summary>Runs cases against a server, one at a time.</summary>
internal sealed class CaseRunner(Target target)
{
    private static readonly string[] Refusals = ["404", "405", "501", "UNIMPLEMENTED"];

    private readonly Dictionary<string, bool> _faces = [];
    private HashSet<string>? _extensions;

    public async Task<CaseResult> RunAsync(ConformanceCase one)
    {
        try
        {
            foreach (var need in one.Needs.Concat(one.Steps.Any(step => step.ContainsKey("rpc")) ? ["grpc"] : []))
            {
                if (!await IsOfferedAsync(need))
                {
                    return new CaseResult(Verdict.NotOffered, $"the server does not offer {need}");
                }
            }

            return await RunStepsAsync(one);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or TimeoutException or IOException)
        {
            return new CaseResult(Verdict.NotOk, $"no answer: {exception.Message}");
        }
    }

    /// <summary>An extension that the metadata list, or a face whose call is not refused as unknown.</summary>
    private async Task<bool> IsOfferedAsync(string need)
    {
        if (need == LocalMemory.Need)
        {
            return LocalMemory.IsSharedWith(target.Address);
        }

        if (Suite.Offers[need] is not JsonObject step)
        {
            _extensions ??= await ReadExtensionsAsync();
            return _extensions.Contains(need);
        }

        if (!_faces.TryGetValue(need, out var offered))
        {
            var status = need == "grpc" && !await target.Grpc.IsAnsweredAsync() ? "UNIMPLEMENTED" : (await CallAsync(step)).Status;
            offered = !Refusals.Contains(status);
            _faces[need] = offered;
        }

        return offered;
    }

    private async Task<HashSet<string>> ReadExtensionsAsync()
    {
        var reply = await target.Http.CallAsync(new JsonObject { ["get"] = "/v2" });
        return [.. (reply.Json?["extensions"] as JsonArray ?? []).Select(name => name!.ToString())];
    }

    private async Task<CaseResult> RunStepsAsync(ConformanceCase one)
    {
        var saved = new Dictionary<string, string>();
        var number = 0;
        try
        {
            foreach (var step in one.Steps)
            {
                number++;
                var reply = await CallAsync(step);
                if (step["not_offered_if"] is JsonObject pattern && Expectation.Is(pattern, reply))
                {
                    return new CaseResult(Verdict.NotOffered, reply.Error ?? reply.Text);
                }

                Expectation.Check(step["expect"] as JsonObject, reply, saved);
                foreach (var (name, path) in step["save"] as JsonObject ?? [])
                {
                    saved[name] = JsonPath.Find(reply.Json, (string)path!)?.ToString() ?? throw new ExpectationException($"{path} is missing");
                }
            }

            return CaseResult.Ok;
        }
        catch (Exception exception) when (exception is ExpectationException or FormatException or InvalidDataException)
        {
            return new CaseResult(Verdict.NotOk, (one.Steps.Count > 1 ? $"step {number}: " : "") + exception.Message);
        }
        finally
        {
            foreach (var step in one.Cleanup)
            {
                await CallAsync(step);
            }
        }
    }

    private async Task<Reply> CallAsync(JsonObject step) =>
        HttpCaller.IsFor(step) ? await target.Http.CallAsync(step)
        : step.ContainsKey("memory") ? LocalMemory.Do(step)
        : await target.Grpc.CallAsync(step);
}
