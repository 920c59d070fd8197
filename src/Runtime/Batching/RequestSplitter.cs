using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>Cuts a request of more rows than the largest batch into parts, and lays the parts' answers together.</summary>
internal sealed class RequestSplitter(BatchAxes axes, int[] inputAxes, BatchKeys keys, RequestPool parts, TimeProvider time)
{
    /// <summary>Parts that wait or run at a time: enough to keep the cores busy, too few to fill the queue alone. Arbitrary.</summary>
    private const int Window = 8;

    /// <summary>Whether a request can and must be cut.</summary>
    public static bool MustSplit(AcceptedRequest accepted, int maxRows) => accepted.Key is not null && accepted.Rows > maxRows;

    /// <summary>Runs the parts together and answers for the whole; the first failure is the whole's.</summary>
    public async ValueTask<Outcome<InferenceResponse>> RunAsync(
        AcceptedRequest whole, int maxRows, int maxQueueRows, Func<PendingRequest, ValueTask<Outcome<InferenceResponse>>> run)
    {
        var started = time.GetTimestamp();

        // A request that filled the queue by itself would be refused however often it came again.
        var window = Math.Clamp(maxQueueRows / maxRows, 1, Window);
        using var copies = new Copies();
        var answers = new List<Task<Outcome<InferenceResponse>>>();
        for (var offset = 0; offset < whole.Rows; offset += maxRows)
        {
            if (answers.Count >= window)
            {
                // Its outcome is read below with the others'; here it only makes room.
                await ((Task)answers[^window]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            answers.Add(run(Part(whole, offset, Math.Min(maxRows, whole.Rows - offset), copies)).AsTask());
        }

        var outcomes = await Task.WhenAll(answers).ConfigureAwait(false);
        var parts = new List<InferenceResponse>();
        InferenceFailure? failure = null;
        foreach (var outcome in outcomes)
        {
            if (outcome.TryGetValue(out var part, out var reason))
            {
                parts.Add(part);
            }
            else
            {
                failure ??= reason;
            }
        }

        try
        {
            return failure is null ? Join(whole, parts, started) : failure;
        }
        finally
        {
            parts.ForEach(static part => part.Dispose());
        }
    }

    private PendingRequest Part(AcceptedRequest whole, int offset, int rows, Copies copies)
    {
        var pending = parts.Rent();
        var part = pending.Accepted;
        for (var i = 0; i < part.Inputs.Length; i++)
        {
            part.Inputs[i] = whole.Inputs[i] is { } input && inputAxes[i] >= 0 ? Slice(input, inputAxes[i], offset, rows, copies) : whole.Inputs[i];
        }

        (part.Request, part.Outputs, part.Rows, part.Key) = (whole.Request, whole.Outputs, rows, keys.Get(part.Inputs));
        part.IsPart = true;
        whole.Lengths.CopyTo(part.Lengths, 0);
        part.Measure();
        return pending;
    }

    private static InputTensor Slice(in InputTensor input, int axis, int offset, int rows, Copies copies)
    {
        var shape = input.Shape.With(axis, rows);
        if (input.Type == ElementType.Bytes)
        {
            var all = copies.Flatten(input.Data);
            var perRow = AxisCopy.Inner(shape.Dims, axis, elementSize: 1);
            var from = StringTensors.Skip(all.Span, offset * perRow);
            var length = StringTensors.Skip(all.Span[from..], rows * perRow);
            return input with { Shape = shape, Data = new ReadOnlySequence<byte>(all.Slice(from, length)) };
        }

        var outer = AxisCopy.Outer(shape.Dims, axis);
        var row = AxisCopy.Inner(shape.Dims, axis, input.Type.Size());
        if (outer == 1)
        {
            return input with { Shape = shape, Data = input.Data.Slice(offset * row, rows * row) };
        }

        var whole = copies.Flatten(input.Data);
        var part = copies.Rent(checked((int)(outer * rows * row)));
        AxisCopy.Gather(whole.Span, part.Span, outer, checked((int)(rows * row)), checked((int)(input.Shape[axis] * row)), checked((int)(offset * row)));
        return input with { Shape = shape, Data = new ReadOnlySequence<byte>(part) };
    }

    private InferenceResponse Join(AcceptedRequest whole, List<InferenceResponse> parts, long started)
    {
        var copies = new Copies();
        var names = whole.Outputs.Names;
        var outputs = new OutputTensor[names.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = axes.Outputs.TryGetValue(names[i], out var axis) ? Join(parts, i, axis, copies) : Keep(parts[0].Outputs[i], copies);
        }

        return new InferenceResponse(copies)
        {
            ModelName = parts[0].ModelName,
            ModelVersion = parts[0].ModelVersion,
            Id = whole.Request.Id,
            Rows = whole.Rows,
            Outputs = outputs,
            Stages = Sum(parts, time.GetElapsedTime(whole.Request.Received == 0 ? started : whole.Request.Received)),
        };
    }

    private static OutputTensor Keep(in OutputTensor output, Copies copies)
    {
        var data = copies.Rent(output.Data.Length);
        output.Data.CopyTo(data);
        return output with { Data = data };
    }

    private static OutputTensor Join(List<InferenceResponse> parts, int index, int axis, Copies copies)
    {
        var first = parts[0].Outputs[index];
        var shape = first.Shape.With(axis, parts.Sum(p => p.Outputs[index].Shape[axis]));
        var data = copies.Rent(checked((int)parts.Sum(p => (long)p.Outputs[index].Data.Length)));
        var outer = checked((int)AxisCopy.Outer(shape.Dims, axis));
        var offset = 0;
        foreach (var part in parts)
        {
            var bytes = part.Outputs[index].Data.Span;
            if (outer == 1)
            {
                bytes.CopyTo(data.Span[offset..]);
                offset += bytes.Length;
            }
            else
            {
                var block = bytes.Length / outer;
                AxisCopy.Scatter(bytes, data.Span, outer, block, data.Length / outer, offset);
                offset += block;
            }
        }

        return first with { Shape = shape, Data = data };
    }

    private static StageTimes Sum(List<InferenceResponse> parts, TimeSpan total)
    {
        var sum = new StageTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, total);
        foreach (var part in parts)
        {
            sum = sum with
            {
                Queue = part.Stages.Queue > sum.Queue ? part.Stages.Queue : sum.Queue,
                Input = sum.Input + part.Stages.Input,
                Infer = sum.Infer + part.Stages.Infer,
                Output = sum.Output + part.Stages.Output,
            };
        }

        return sum;
    }

    /// <summary>The copies made on the way, given back together.</summary>
    private sealed class Copies : IDisposable
    {
        private readonly List<PooledBuffer> _buffers = [];

        public Memory<byte> Rent(int length)
        {
            var buffer = BufferPool.Shared.Rent(length);
            _buffers.Add(buffer);
            return buffer.Memory;
        }

        public ReadOnlyMemory<byte> Flatten(in ReadOnlySequence<byte> data)
        {
            if (data.IsSingleSegment)
            {
                return data.First;
            }

            var copy = Rent(checked((int)data.Length));
            data.CopyTo(copy.Span);
            return copy;
        }

        public void Dispose() => _buffers.ForEach(static buffer => buffer.Dispose());
    }
}
