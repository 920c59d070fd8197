using System.Collections.Frozen;
using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>
/// A run of a graph at fixed shapes, with its memory: bound once, run again and again, by one thread at a time. Inputs lie in
/// memory of ours. So do outputs from the second run on, where their extents follow from the inputs' alone; others lie where
/// ONNX Runtime puts them. Rented from <see cref="OnnxSession.Rent"/>; disposing it gives it back.
/// </summary>
internal sealed unsafe class BoundRun : IDisposable
{
    /// <summary>How ONNX Runtime says that an output is not as large as the memory that was made for it.</summary>
    private const string WrongExtents = "shape verification failed";

    private readonly OnnxSession _session;
    private readonly RunInput[] _inputs;
    private readonly IReadOnlyList<string> _outputNames;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly PooledBuffer?[] _memory;
    private readonly OrtValue?[] _values;
    private readonly OwnOutput?[] _own;
    private readonly GraphOutput?[] _given;
    private bool _hasRun;
    private bool _isCleared;
    private bool _isBroken;

    public BoundRun(OnnxSession session, ReadOnlySpan<RunInput> inputs, IReadOnlyList<string> outputs, int hash)
    {
        _session = session;
        _inputs = inputs.ToArray();
        _outputNames = outputs;
        Hash = hash;
        _binding = session.CreateBinding();
        _memory = new PooledBuffer?[inputs.Length];
        _values = new OrtValue?[inputs.Length];
        _own = new OwnOutput?[outputs.Count];
        _given = new GraphOutput?[outputs.Count];
        Outputs = new RunOutput[outputs.Count];
    }

    /// <summary>The outputs of the last run, in the order in which they were asked for.</summary>
    public RunOutput[] Outputs { get; }

    /// <summary>The outputs' names.</summary>
    public IReadOnlyList<string> OutputNames => _outputNames;

    /// <summary>Bytes of memory that it keeps from run to run.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Whether it reads memory of somebody else's.</summary>
    public bool IsLent => Array.Exists(_inputs, static input => input.IsLent);

    internal int Hash { get; }

    private bool HasOwnOutputs => Array.Exists(_own, static own => own is not null);

    /// <summary>Whether it was made for these shapes and outputs.</summary>
    public bool Fits(ReadOnlySpan<RunInput> inputs, IReadOnlyList<string> outputs) =>
        inputs.SequenceEqual(_inputs) && (ReferenceEquals(outputs, _outputNames) || outputs.SequenceEqual(_outputNames));

    /// <summary>Where an input's elements go before a run.</summary>
    /// <param name="index">The input's place among those bound.</param>
    /// <param name="bytes">How many bytes it takes; the same for every run, but for strings.</param>
    public Span<byte> Write(int index, int bytes)
    {
        if (_memory[index] is not { } memory || memory.Length != bytes)
        {
            _memory[index]?.Dispose();
            _memory[index] = memory = BufferPool.Runs.Rent(bytes);
            if (_inputs[index].Type != ElementType.Bytes)
            {
                Bind(index, memory.Pointer, bytes);
                KeptBytes += bytes;
            }
        }

        return memory.GetSpan();
    }

    /// <summary>Makes an input of memory that stays where it is until the run has ended.</summary>
    public void Lend(int index, PooledBuffer memory, int offset, int bytes) => Bind(index, memory.Pointer + offset, bytes);

    /// <summary>Runs the graph on what has been written.</summary>
    /// <param name="cancellation">Ends the run early; null where nobody can.</param>
    /// <exception cref="GraphException">The graph failed on these inputs, or was cancelled.</exception>
    public void Execute(RunCancellation? cancellation = null)
    {
        try
        {
            BindInputs();
            BindOutputs();
            Run(cancellation);
            Collect();
            _hasRun = true;
        }
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException)
        {
            _isBroken = true;
            throw new GraphException(e.Message, e);
        }
    }

    /// <summary>Gives it back, to be run again. Its outputs must not be used any more.</summary>
    public void Dispose()
    {
        foreach (ref var given in _given.AsSpan())
        {
            given?.Dispose();
            given = null;
        }

        if (Array.Exists(_own, static own => own is null))
        {
            // The binding holds what ONNX Runtime has put there; nobody needs it while the run is idle.
            _binding.ClearBoundOutputs();
            _isCleared = true;
        }

        for (var i = 0; i < _inputs.Length; i++)
        {
            // Strings are made anew for each run, and lent memory is gone after it.
            if (_inputs[i].Type == ElementType.Bytes || _inputs[i].IsLent)
            {
                Release(ref _values[i], ref _memory[i]);
            }
        }

        _session.Return(this, _isBroken);
    }

    /// <summary>Frees everything.</summary>
    internal void Free()
    {
        _binding.Dispose();
        _options.Dispose();
        for (var i = 0; i < _inputs.Length; i++)
        {
            Release(ref _values[i], ref _memory[i]);
        }

        FreeOwnOutputs();
    }

    private static void Release(ref OrtValue? value, ref PooledBuffer? memory)
    {
        value?.Dispose();
        memory?.Dispose();
        (value, memory) = (null, null);
    }

    private void Run(RunCancellation? cancellation)
    {
        cancellation?.Begin(_options);
        try
        {
            _session.Run(_options, _binding);
        }
        catch (OnnxRuntimeException e) when (HasOwnOutputs && e.Message.Contains(WrongExtents, StringComparison.Ordinal))
        {
            // What was told of the graph's outputs does not hold: it is taken back, for all that is left of the session.
            _session.FixedOutputs = FrozenSet<string>.Empty;
            FreeOwnOutputs();
            BindOutputs();
            _session.Run(_options, _binding);
        }
        finally
        {
            cancellation?.End();
        }
    }

    private void Bind(int index, byte* pointer, int bytes)
    {
        var input = _inputs[index];
        _values[index]?.Dispose();
        _values[index] = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, input.Type.ToOnnx(), input.Shape.ToArray(), (IntPtr)pointer, bytes);
        if (!_session.CopiesWhenBound)
        {
            _binding.BindInput(input.Name, _values[index]!);
        }
    }

    private void FreeOwnOutputs()
    {
        foreach (ref var own in _own.AsSpan())
        {
            KeptBytes -= own?.Memory.Length ?? 0;
            own?.Dispose();
            own = null;
        }
    }

    private void BindInputs()
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            if (_inputs[i].Type == ElementType.Bytes)
            {
                _values[i] = StringValues.Create(_memory[i]!.GetSpan(), _inputs[i].Shape.ToArray());
                _binding.BindInput(_inputs[i].Name, _values[i]!);
            }
            else if (_session.CopiesWhenBound)
            {
                _binding.BindInput(_inputs[i].Name, _values[i]!);
            }
        }
    }

    // Shapes that come once are common; memory for outputs is made for those that come again.
    private void BindOutputs()
    {
        for (var i = 0; i < _own.Length; i++)
        {
            if (_own[i] is { } own)
            {
                if (_isCleared)
                {
                    _binding.BindOutput(_outputNames[i], own.Value);
                }

                continue;
            }

            if (_hasRun && Outputs[i] is { Type: not ElementType.Bytes, Memory.Length: > 0 } seen && _session.HasFixedExtents(_outputNames[i]))
            {
                _own[i] = new OwnOutput(seen.Type, seen.Shape, seen.Memory.Length);
                _binding.BindOutput(_outputNames[i], _own[i]!.Value);
                Outputs[i] = seen with { Memory = _own[i]!.Memory };
                KeptBytes += seen.Memory.Length;
            }
            else
            {
                // What the last run left there would be taken for memory to write to.
                _binding.BindOutputToDevice(_outputNames[i], OrtMemoryInfo.DefaultInstance);
            }
        }

        _isCleared = false;
    }

    private void Collect()
    {
        if (!Array.Exists(_own, static own => own is null))
        {
            return;
        }

        var values = _binding.GetOutputValues();
        for (var i = 0; i < _own.Length; i++)
        {
            if (_own[i] is not null)
            {
                values[i].Dispose();
                continue;
            }

            try
            {
                _given[i] = new GraphOutput(values[i]);
            }
            catch
            {
                values.Dispose();
                throw;
            }

            Outputs[i] = new RunOutput(_given[i]!.Type, _given[i]!.Shape, _given[i]!.Memory);
        }
    }

    /// <summary>An output's memory of ours, and ONNX Runtime's view of it.</summary>
    private sealed class OwnOutput : IDisposable
    {
        private readonly PooledBuffer _buffer;

        public OwnOutput(ElementType type, TensorShape shape, int bytes)
        {
            _buffer = BufferPool.Runs.Rent(bytes);
            Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type.ToOnnx(), shape.ToArray(), (IntPtr)_buffer.Pointer, bytes);
        }

        public OrtValue Value { get; }

        public ReadOnlyMemory<byte> Memory => _buffer.Memory;

        public void Dispose()
        {
            Value.Dispose();
            _buffer.Dispose();
        }
    }
}
