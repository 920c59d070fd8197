using System.Text.Json.Nodes;

namespace Serving.Conformance.Cases;

/// <summary>One rule of the protocol and the steps that prove it.</summary>
/// <param name="Name">Stable: <c>area.name</c>.</param>
/// <param name="Rule">The rule, in a line.</param>
/// <param name="Section">Where the contract has the rule.</param>
/// <param name="Needs">Extensions, as the server's metadata lists them, and faces that <c>offers.json</c> tells apart.</param>
/// <param name="Steps">Calls and what is expected of them, in order.</param>
/// <param name="Cleanup">Calls that are made whatever happened; nothing is expected of them.</param>
internal sealed record ConformanceCase(
    string Name, string Rule, string Section, IReadOnlyList<string> Needs, IReadOnlyList<JsonObject> Steps, IReadOnlyList<JsonObject> Cleanup);
