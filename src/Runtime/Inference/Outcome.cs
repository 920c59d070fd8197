using System.Diagnostics.CodeAnalysis;

namespace Serving.Runtime.Inference;

/// <summary>Either a value or an expected failure.</summary>
public readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, InferenceFailure? failure)
    {
        _value = value;
        Failure = failure;
    }

    /// <summary>The failure, or null where there is a value.</summary>
    public InferenceFailure? Failure { get; }

    /// <summary>True with the value, or false with the failure.</summary>
    public bool TryGetValue([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out InferenceFailure? failure)
    {
        value = _value;
        failure = Failure;
        return failure is null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(InferenceFailure failure) => new(default, failure);
}
