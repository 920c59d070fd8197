using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Tasks.Audio;

/// <summary>Inputs of tasks over numbers and files.</summary>
internal static class SoundInputs
{
    public static InputTensor Files(string name, params byte[][] files) =>
        new(name, ElementType.Bytes, new TensorShape(files.Length), new((byte[])[.. files.SelectMany(file => (byte[])[.. BitConverter.GetBytes(file.Length), .. file])]));

    public static InputTensor Floats(string name, long[] shape, params float[] values) =>
        new(name, ElementType.Float32, new TensorShape(shape), new(MemoryMarshal.AsBytes<float>(values).ToArray()));

    /// <summary>Asks and takes the answer apart.</summary>
    public static async Task<TaskOutputs> AnswerAsync(TaskTestFolder folder, string model, InputTensor input, object? parameters = null, params string[] outputs)
    {
        Assert.True((await folder.AskAsync(model, [input], parameters, outputs)).TryGetValue(out var response, out var failure), failure?.ToString());
        using (response)
        {
            return new TaskOutputs(response);
        }
    }

    public static async Task<string> FailAsync(TaskTestFolder folder, string model, params InputTensor[] inputs)
    {
        Assert.False((await folder.AskAsync(model, inputs)).TryGetValue(out _, out var failure));
        return $"{failure.Error}: {failure.Message}";
    }
}
