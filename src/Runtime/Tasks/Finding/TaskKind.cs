using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>A task that models can be served as.</summary>
/// <param name="Name">Its name, as <c>task</c> in model.yaml gives it and as Hugging Face calls it where it does.</param>
/// <param name="Options">What its users can choose.</param>
/// <param name="Recognise">Why a model is this task, going by its files; null where it is not.</param>
/// <param name="Make">Makes it.</param>
internal sealed record TaskKind(string Name, IReadOnlyList<TaskOption> Options, Func<TaskMaterial, string?> Recognise, Func<TaskMaterial, ITask> Make);
