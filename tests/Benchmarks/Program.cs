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

if (!BenchOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

return await MeasureRun.RunAsync(options);
