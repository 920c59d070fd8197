using Serving.Server.Commands;
using Serving.Server.Commands.Inspect;

return args is [InspectCommand.Verb, .. var rest]
    ? await InspectCommand.RunAsync(rest, Console.Out, Console.Error)
    : await ServeCommand.RunAsync(args, Console.Out, Console.Error);
