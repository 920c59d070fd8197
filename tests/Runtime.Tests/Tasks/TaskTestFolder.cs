using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>A repository of tasks and an engine over it, asked in the tasks' own terms.</summary>
internal sealed class TaskTestFolder : IAsyncDisposable
{
    private EngineFixture? _fixture;

    public string Root { get; } = Directory.CreateTempSubdirectory("serving-tasks-").FullName;

    public InferenceEngine Engine => _fixture!.Engine;

    public string Folder(string model) => Path.Combine(Root, model);

    public async Task StartAsync() => _fixture = await EngineFixture.StartAsync(Root);

    /// <summary>Asks with texts.</summary>
    public Task<Outcome<InferenceResponse>> AskAsync(string model, (string Input, string[] Texts)[] inputs, object? parameters = null, params string[] outputs) =>
        AskAsync(model, [.. inputs.Select(input => Texts(input.Input, input.Texts))], parameters, outputs);

    public async Task<Outcome<InferenceResponse>> AskAsync(string model, InputTensor[] inputs, object? parameters = null, params string[] outputs)
    {
        var request = new InferenceRequest
        {
            ModelName = model,
            Inputs = inputs,
            Outputs = outputs,
            Parameters = parameters is null ? null : JsonSerializer.SerializeToElement(parameters).EnumerateObject().ToDictionary(p => p.Name, p => p.Value),
        };
        return await Engine.InferAsync(request, CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);
    }

    /// <summary>Asks and takes the answer apart.</summary>
    public async Task<TaskOutputs> AnswerAsync(string model, (string Input, string[] Texts)[] inputs, object? parameters = null, params string[] outputs)
    {
        var outcome = await AskAsync(model, inputs, parameters, outputs);
        Assert.True(outcome.TryGetValue(out var response, out var failure), failure?.ToString());
        using (response)
        {
            return new TaskOutputs(response!);
        }
    }

    public async Task<string> FailAsync(string model, (string Input, string[] Texts)[] inputs, object? parameters = null, params string[] outputs)
    {
        var outcome = await AskAsync(model, inputs, parameters, outputs);
        Assert.False(outcome.TryGetValue(out _, out var failure));
        return $"{failure.Error}: {failure.Message}";
    }

    public static InputTensor Texts(string name, params string[] texts)
    {
        using var stream = new MemoryStream();
        foreach (var text in texts)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            stream.Write(BitConverter.GetBytes(bytes.Length));
            stream.Write(bytes);
        }

        return new InputTensor(name, ElementType.Bytes, new TensorShape(texts.Length), new(stream.ToArray()));
    }

    public static InputTensor Longs(string name, long[] shape, params long[] values) =>
        new(name, ElementType.Int64, new TensorShape(shape), new(MemoryMarshal.AsBytes<long>(values).ToArray()));

    public async ValueTask DisposeAsync()
    {
        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }
}
