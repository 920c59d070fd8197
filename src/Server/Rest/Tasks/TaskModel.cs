using Serving.Runtime.Models;

namespace Serving.Server.Rest.Tasks;

/// <summary>A model and the task that it does.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Details">Its task.</param>
internal sealed record TaskModel(string Name, TaskDetails Details);
