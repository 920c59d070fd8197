using System.Globalization;
using Serving.Benchmarks;
using Serving.Benchmarks.Echo;
using Serving.Benchmarks.Measures;

// A part of the bench itself, in a process of its own.
if (args is ["echo", "--bytes", var bytes])
{
    await EchoServer.RunAsync(int.Parse(bytes, CultureInfo.InvariantCulture));
    return 0;
}

if (!BenchOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

return await MeasureRun.RunAsync(options);
