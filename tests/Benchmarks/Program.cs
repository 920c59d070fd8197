using Serving.Benchmarks;

// Everything is measured in turns within one run (A B A B ...), so that a machine whose speed drifts changes both alike.
var rounds = args is [var given, ..] ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 9;
var models = Directory.CreateTempSubdirectory("serving-bench-");
try
{
    BenchModels.Tiny().Save(Path.Combine(models.FullName, "tiny", "model.onnx"));
    BenchModels.Perceptron().Save(Path.Combine(models.FullName, "mlp", "model.onnx"));
    using var batching = await BenchServer.StartAsync(models.FullName);
    using var single = await BenchServer.StartAsync(models.FullName, "--max-batch-rows", "1");
    Console.WriteLine(Machine.Describe());
    Console.WriteLine($"{rounds} rounds; median (least to most)");
    Console.WriteLine();

    var tiny = new InferCall(batching, "tiny", [1, 16]);
    var live = new Spread();
    var infer = new Spread();
    var added = new Spread();
    for (var round = 0; round <= rounds; round++)
    {
        var health = await Load.LatencyAsync(batching.IsLiveAsync);
        var answered = await Load.LatencyAsync(tiny.RunAsync);

        // The first round warms both up.
        if (round > 0)
        {
            live.Add(health);
            infer.Add(answered);
            added.Add(answered - health);
        }
    }

    Report.Row("p50 of GET /v2/health/live, one client", "us", live);
    Report.Row("p50 of an inference of one addition, REST binary, one client", "us", infer);
    Report.Row("difference: decoding, batching, the run, encoding", "us", added);

    var together = new InferCall(batching, "mlp", [1, 784]);
    var alone = new InferCall(single, "mlp", [1, 784]);
    var batched = new Spread();
    var unbatched = new Spread();
    var gain = new Spread();
    for (var round = 0; round <= rounds; round++)
    {
        var with = await Load.ThroughputAsync(together.RunAsync);
        var without = await Load.ThroughputAsync(alone.RunAsync);
        if (round > 0)
        {
            batched.Add(with);
            unbatched.Add(without);
            gain.Add(with / without);
        }
    }

    Report.Row("MLP 784-512-256-10, 32 clients, batched", "1/s", batched);
    Report.Row("the same with --max-batch-rows 1", "1/s", unbatched);
    Report.Row("batched / unbatched", "", gain);
}
finally
{
    models.Delete(recursive: true);
}
