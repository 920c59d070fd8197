using Serving.Server.Commands;
using Serving.Server.Commands.Simulate;

return args is [SimulateCommand.Name, .. var rest]
    ? await SimulateCommand.RunAsync(rest, Console.Out, Console.Error)
    : await ServeCommand.RunAsync(args, Console.Out, Console.Error);
