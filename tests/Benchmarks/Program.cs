using System.Globalization;
using Serving.Benchmarks;
using Serving.Benchmarks.Echo;
using Serving.Benchmarks.Measures;

// The first two are parts of the bench itself, in processes of their own.
switch (args)
{
    case ["echo", "--bytes", var bytes]:
        await EchoServer.RunAsync(int.Parse(bytes, CultureInfo.InvariantCulture));
        return 0;
    case ["bare", var model]:
        await BareServer.RunAsync(model);
        return 0;
}

IMeasure? one = args switch
{
    ["bert", var file, ..] => new MixedLengths(file),
    ["embedding", var folder, ..] => new EmbeddedTexts(folder),
    _ => null,
};
if (!BenchOptions.TryParse(one is null ? args : args[2..], out var options, out var error) || (error = Missing(args)) is not null)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

return await (one is null ? MeasureRun.RunAsync(options) : MeasureRun.RunAsync(options, [one]));

static string? Missing(string[] args) => args switch
{
    ["bert", var file, ..] when !File.Exists(file) => $"there is no file '{file}'",
    ["embedding", var folder, ..] when EmbeddedTexts.Missing(folder) is { } missing => $"there is no file '{missing}'",
    _ => null,
};
