using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.TestKit;

namespace Serving.Runtime.Tests.Batching;

/// <summary>Requests of different lengths in one batch are answered as alone, for every model of the zoo.</summary>
public sealed class PaddingTests
{
    [Fact]
    public async Task Infer_RandomMixOfLengths_EachAnsweredAsAlone()
    {
        await using var fixture = await EngineFixture.StartAsync(Zoo.Root, o => o.Threads = 1);
        var padded = 0;
        var wrong = new List<string>();
        foreach (var model in Zoo.Models.Keys.Order())
        {
            Assert.True(fixture.Engine.GetDetails(model).TryGetValue(out var details, out _));
            if (details![0].Batching is not { Enabled: true } batching || batching.LengthAxes.Count == 0)
            {
                continue;
            }

            padded++;
            var random = new Random(5);
            for (var round = 0; round < 3; round++)
            {
                // Not every mix of lengths makes sense to every graph: a mask may have to span two of them.
                var requests = new List<InferenceRequest>();
                var alone = new List<InferenceResponse>();
                for (var i = 0; i < 12; i++)
                {
                    var request = Vary(model, batching, random);
                    if ((await fixture.Engine.InferAsync(request, CancellationToken.None)).TryGetValue(out var response, out _))
                    {
                        requests.Add(request);
                        alone.Add(response);
                    }
                }

                var together = await Task.WhenAll(requests.Select(fixture.InferAsync));
                for (var i = 0; i < requests.Count; i++)
                {
                    wrong.AddRange(Compare(model, alone[i], together[i]));
                    alone[i].Dispose();
                    together[i].Dispose();
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(padded >= 15, $"{padded} models have lengths");
    }

    [Fact]
    public void Run_BatchOfDifferentLengths_EachAnsweredAsAlone()
    {
        var padded = 0;
        var wrong = new List<string>();
        foreach (var model in Zoo.Models.Keys.Order())
        {
            using var lone = LoneModel.Load(Zoo.Models[model]);
            if (lone.Axes.Padding is null)
            {
                continue;
            }

            padded++;
            var batching = new BatchingDetails(true, 32, lone.Axes.Inputs, lone.Axes.Lengths, "");
            var random = new Random(7);
            for (var round = 0; round < 5; round++)
            {
                var requests = Enumerable.Range(0, 8).Select(_ => Vary(model, batching, random)).ToArray();
                var alone = requests.Select(request => lone.Run(request)[0]).ToList();
                var before = lone.Runs;
                var together = lone.Run(requests);
                Assert.Equal(before + 1, lone.Runs);
                for (var i = 0; i < requests.Length; i++)
                {
                    wrong.AddRange(Compare(model, alone[i], together[i]));
                    alone[i].Dispose();
                    together[i].Dispose();
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(padded >= 15, $"{padded} models are padded");
    }

    // A reference case with its lengths cut to a random part and its rows repeated a random number of times.
    private static InferenceRequest Vary(string model, BatchingDetails batching, Random random)
    {
        var cases = Zoo.Cases(model);
        var zooCase = cases[random.Next(cases.Count)];
        var part = random.NextDouble();
        var row = random.Next(1 << 20);
        return new InferenceRequest
        {
            ModelName = model,
            Inputs = [.. zooCase.Inputs.Select(input => Cut(input.Key, input.Value, batching, part, row))],
        };
    }

    private static InputTensor Cut(string name, NpyArray array, BatchingDetails batching, double part, int row)
    {
        Assert.True(ElementTypes.TryParse(array.Datatype, out var type));
        var dims = array.Shape.ToArray();
        var from = new long[dims.Length];
        if (batching.BatchAxes.TryGetValue(name, out var axis))
        {
            (from[axis], dims[axis]) = (row % dims[axis], 1);
        }

        foreach (var length in batching.LengthAxes.TryGetValue(name, out var lengths) ? lengths : [])
        {
            dims[length] = Math.Max(1, (long)(dims[length] * part));
        }

        var data = Block(array.Data, array.Shape, from, dims, type.Size());
        return new InputTensor(name, type, new TensorShape(dims), new ReadOnlySequence<byte>(data));
    }

    private static byte[] Block(byte[] source, long[] shape, long[] from, long[] dims, int size)
    {
        var target = new byte[dims.Aggregate(1L, (a, b) => a * b) * size];
        var at = new long[dims.Length];
        for (var element = 0; element < target.Length / size; element++)
        {
            var place = 0L;
            for (var axis = 0; axis < dims.Length; axis++)
            {
                place = (place * shape[axis]) + from[axis] + at[axis];
            }

            Array.Copy(source, place * size, target, element * size, size);
            for (var axis = dims.Length - 1; axis >= 0 && ++at[axis] == dims[axis]; axis--)
            {
                at[axis] = 0;
            }
        }

        return target;
    }

    private static IEnumerable<string> Compare(string model, InferenceResponse alone, InferenceResponse together)
    {
        foreach (var (one, other) in alone.Outputs.Zip(together.Outputs))
        {
            if (one.Shape != other.Shape)
            {
                yield return $"{model}: {one.Name} is {one.Shape} alone and {other.Shape} together";
                continue;
            }

            var left = new NpyArray(one.Type.Name(), one.Shape.ToArray(), one.Data.ToArray()).ToDoubles();
            var right = new NpyArray(other.Type.Name(), other.Shape.ToArray(), other.Data.ToArray()).ToDoubles();
            var largest = left.Select(Math.Abs).DefaultIfEmpty().Max();
            var difference = left.Zip(right, (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max();
            if (!(difference <= 2e-4 * Math.Max(largest, 1e-3)))
            {
                yield return $"{model}: {one.Name} {one.Shape} differs by {difference:0.#e+0} of {largest:0.#e+0}";
            }
        }
    }
}
