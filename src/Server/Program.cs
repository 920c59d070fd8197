using Serving.Server.Commands;
using Serving.Server.Commands.Inspect;
using Serving.Server.Commands.Simulate;

return args switch
{
    [InspectCommand.Verb, .. var rest] => await InspectCommand.RunAsync(rest, Console.Out, Console.Error),
    [SimulateCommand.Name, .. var rest] => await SimulateCommand.RunAsync(rest, Console.Out, Console.Error),
    _ => await ServeCommand.RunAsync(args, Console.Out, Console.Error),
};
