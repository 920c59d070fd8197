using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serving.Conformance.Cases;
using Serving.Conformance.Protocols;

namespace Serving.Conformance.Expectations;

/// <summary>What a step expects of its answer: status, headers, error, JSON, tensors, messages.</summary>
internal static class Expectation
{
    private const int LongestExcerpt = 300;

    public static void Check(JsonObject? expected, Reply reply, IReadOnlyDictionary<string, string> saved)
    {
        expected ??= [];
        CheckStatus(expected["status"] ?? expected["code"], reply);
        CheckHeaders(expected["headers"] as JsonObject ?? [], reply);
        if ((string?)expected["error"] is { } error && !(reply.Error is { Length: > 0 } said && Regex.IsMatch(said, error, RegexOptions.IgnoreCase)))
        {
            throw new ExpectationException($"the error does not say '{error}': {Excerpt(reply.Error ?? reply.Text)}");
        }

        if ((string?)expected["text"] is { } text && !Regex.IsMatch(reply.Text, text))
        {
            throw new ExpectationException($"the body does not match '{text}': {Excerpt(reply.Text)}");
        }

        if (expected.TryGetPropertyValue("json", out var pattern))
        {
            new JsonMatch(reply, saved).Check(pattern, reply.Json, "body", reply.Json is not null);
        }

        foreach (var (name, tensor) in expected["tensors"] as JsonObject ?? [])
        {
            CheckTensor(name, tensor!.AsObject(), reply);
        }

        CheckMessages(expected["messages"] as JsonArray, reply, saved);
    }

    /// <summary>Whether the answer is of a kind that this pattern, a status and perhaps an error, describes.</summary>
    public static bool Is(JsonObject pattern, Reply reply)
    {
        try
        {
            Check(pattern, reply, new Dictionary<string, string>());
            return true;
        }
        catch (ExpectationException)
        {
            return false;
        }
    }

    private static void CheckStatus(JsonNode? expected, Reply reply)
    {
        string[] allowed = expected switch
        {
            null => ["200", "OK", "aborted", "message", "event"],
            JsonArray several => [.. several.Select(one => one!.ToString())],
            _ => [expected.ToString()],
        };
        if (!allowed.Contains(reply.Status))
        {
            throw new ExpectationException($"answered {reply.Status}, expected {(expected is null ? "success" : string.Join(" or ", allowed))}: {Excerpt(reply.Text)}");
        }
    }

    private static void CheckHeaders(JsonObject expected, Reply reply)
    {
        foreach (var (name, pattern) in expected)
        {
            var value = reply.Headers.GetValueOrDefault(name);
            if (pattern is null ? value is not null : value is null || !Regex.IsMatch(value, (string)pattern!))
            {
                throw new ExpectationException($"header {name} is {value ?? "absent"}, expected {pattern?.ToString() ?? "none"}");
            }
        }
    }

    private static void CheckTensor(string name, JsonObject expected, Reply reply)
    {
        var tensor = reply.Tensors.FirstOrDefault(one => one.Name == name)
            ?? throw new ExpectationException($"no data of output {name} in {Excerpt(reply.Json?.ToJsonString() ?? reply.Text)}");
        Demand(name, "datatype", (string?)expected["datatype"], tensor.Datatype);
        Demand(name, "shape", expected["shape"]?.ToJsonString(), tensor.Shape);
        Demand(name, "form", (string?)expected["form"], tensor.Form);
        if (expected["data"] is { } data)
        {
            Demand(name, "data", Convert.ToHexString(TensorBytes.Encode(tensor.Datatype, data)), Convert.ToHexString(tensor.Data));
        }
    }

    private static void Demand(string name, string what, string? expected, string actual)
    {
        if (expected is not null && expected != actual)
        {
            throw new ExpectationException($"{what} of output {name} is {Excerpt(actual)}, expected {Excerpt(expected)}");
        }
    }

    private static void CheckMessages(JsonArray? expected, Reply reply, IReadOnlyDictionary<string, string> saved)
    {
        if (expected is null)
        {
            return;
        }

        if (expected.Count != reply.Messages.Count)
        {
            throw new ExpectationException($"{reply.Messages.Count} messages, expected {expected.Count}: {Excerpt(string.Join(' ', reply.Messages.Select(one => one.Text)))}");
        }

        foreach (var (pattern, message) in expected.Zip(reply.Messages))
        {
            Check(pattern!.AsObject(), message, saved);
        }
    }

    private static string Excerpt(string text) => text.Length > LongestExcerpt ? text[..LongestExcerpt] + "..." : text;
}
