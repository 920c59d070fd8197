using Serving.Conformance;
using Serving.Conformance.Cases;
using Serving.Conformance.Fixtures;
using Serving.Conformance.Protocols;

if (Arguments.Read(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (arguments.ModelsFolder is not null)
{
    FixtureRepository.Write(arguments.ModelsFolder);
    return 0;
}

using var target = await Target.ConnectAsync(arguments.Address!, arguments.Grpc);
var runner = new CaseRunner(target);
var counts = new int[3];
foreach (var one in Suite.All.Where(one => one.Name.Contains(arguments.Only, StringComparison.Ordinal)))
{
    var (verdict, why) = await runner.RunAsync(one);
    counts[(int)verdict]++;
    Console.WriteLine(verdict switch
    {
        Verdict.Ok => $"ok {one.Name}",
        Verdict.NotOk => $"not ok {one.Name}: {why}\n       {one.Rule} ({one.Section})",
        _ => $"not offered {one.Name}: {why}",
    });
}

Console.WriteLine($"{counts[0]} ok, {counts[1]} not ok, {counts[2]} not offered");
return counts[1] == 0 && counts[0] > 0 ? 0 : 1;
