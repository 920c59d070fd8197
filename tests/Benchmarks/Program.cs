using System.Globalization;
using Serving.Benchmarks;
using Serving.TestKit;

if (args.Length > 1 || (args is [var text] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0)))
{
    Console.Error.WriteLine("usage: ./bench [ROUNDS], a number from 1; without it there are 9");
    return 2;
}

var rounds = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 9;
var machine = Machine.Describe();
var models = Directory.CreateTempSubdirectory("serving-bench-");
try
{
    BenchModels.Tiny().Save(Path.Combine(models.FullName, "tiny", "model.onnx"));
    BenchModels.Perceptron().Save(Path.Combine(models.FullName, "mlp", "model.onnx"));
    var encoder = Directory.CreateDirectory(Path.Combine(models.FullName, BenchModels.Encoder));
    File.Copy(Path.Combine(Zoo.Models[BenchModels.Encoder], "model.onnx"), Path.Combine(encoder.FullName, "model.onnx"));
    Console.WriteLine(machine);
    Console.WriteLine($"{rounds} rounds; median (least to most)");
    Console.WriteLine();
    JsonMeasures.Run(rounds);
    using var batching = await BenchServer.StartAsync(models.FullName);
    using var single = await BenchServer.StartAsync(models.FullName, "--max-batch-rows", "1");
    await using var engine = await BenchEngine.StartAsync(models.FullName);
    await Measures.AddedLatencyAsync(batching, rounds);
    await Measures.BatchingAsync(batching, single, rounds);
    await Measures.EncoderAsync(batching, engine, rounds);
    return 0;
}
finally
{
    models.Delete(recursive: true);
}
