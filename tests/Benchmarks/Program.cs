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

var encoder = args is ["bert", var file, ..] ? file : null;
if (!BenchOptions.TryParse(encoder is null ? args : args[2..], out var options, out var error) || !IsModel(encoder, out error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

return await (encoder is null ? MeasureRun.RunAsync(options) : MeasureRun.RunAsync(options, [new MixedLengths(encoder)]));

static bool IsModel(string? file, out string error)
{
    error = file is null || File.Exists(file) ? "" : $"there is no file '{file}'";
    return error.Length == 0;
}
