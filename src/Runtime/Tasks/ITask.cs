using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks;

/// <summary>
/// What people ask of a model, in their own terms: texts, pictures or sounds in, labels, boxes, texts or vectors out. One instance
/// serves all requests of a loaded model version, any number at a time.
/// </summary>
internal interface ITask
{
    /// <summary>What a client may know of it.</summary>
    TaskDetails Details { get; }

    /// <summary>Its inputs. Those whose first axis varies have one element for each row, all the same number of rows.</summary>
    IReadOnlyList<TensorSignature> Inputs { get; }

    /// <summary>Its outputs; a row of a request is a row of each.</summary>
    IReadOnlyList<TensorSignature> Outputs { get; }

    /// <summary>What a request may ask for, over what the model's configuration says.</summary>
    TaskSettings Settings { get; }

    /// <summary>What makes tokens of its texts; null where it reads none.</summary>
    Tokenizer? Tokenizer => null;

    /// <summary>The models that it asks by name, beside or in place of a graph of its own; it is ready while they are.</summary>
    IReadOnlyList<string> Models => [];

    /// <summary>Answers a request whose inputs fit <see cref="Inputs"/>. The caller disposes the answer.</summary>
    /// <exception cref="TokenizationException">A text cannot be tokenized; the message is for the client.</exception>
    ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call);
}
