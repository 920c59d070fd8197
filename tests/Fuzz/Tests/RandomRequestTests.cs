using Serving.Contracts.Inference;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Targets;
using Serving.Fuzz.Wire;

namespace Serving.Fuzz.Tests;

public sealed class RandomRequestTests
{
    /// <summary>Legal requests, as they are: all are accepted by both parsers with the same values.</summary>
    [Fact]
    public void Scan_LegalRequests_EqualGeneratedParser()
    {
        var requests = new RandomRequest(new Random(20261122));
        var target = new ModelInferTarget();
        var report = new FuzzReport();
        for (var i = 0; i < 100_000; i++)
        {
            report.Add(target.Try(requests.Next()));
        }

        // The rest ask for what the rules of inference forbid, such as inputs without names.
        Assert.InRange(report.Accepted, 20_000, 100_000);
        Assert.DoesNotContain(report.Lines(), line => line.Contains("not a valid ModelInferRequest", StringComparison.Ordinal));
    }

    [Fact]
    public void Next_Requests_AreLegalAndOfManyKinds()
    {
        var requests = new RandomRequest(new Random(1));
        var parsed = Enumerable.Range(0, 2000).Select(_ => ModelInferRequest.Parser.ParseFrom(requests.Next())).ToArray();

        Assert.InRange(parsed.Count(r => r.RawInputContents.Count > 0), 200, 1800);
        Assert.InRange(parsed.Count(r => r.Inputs.Any(i => i.Contents is not null)), 200, 1800);
        Assert.InRange(parsed.Count(r => r.Parameters.ContainsKey("")), 20, 1800);
        Assert.InRange(parsed.Count(r => r.Parameters.Values.Any(v => v.ParameterChoiceCase == InferParameter.ParameterChoiceOneofCase.None)), 20, 1800);
        Assert.Equal(14, parsed.SelectMany(r => r.Inputs).Select(i => i.Datatype).Distinct().Count());
    }
}
