namespace Serving.Soak.Reports;

/// <summary>How a request ended.</summary>
internal enum Ending : byte
{
    /// <summary>With the answer that belongs to it.</summary>
    Right,

    /// <summary>A call that changes models, done.</summary>
    Done,

    /// <summary>The graph failed: poison, or a model that fails as the dice fall.</summary>
    Failed,

    /// <summary>Refused: the queue is full, or the model is not in service.</summary>
    Refused,

    /// <summary>Its deadline passed.</summary>
    TooLate,

    /// <summary>The client went away before the end.</summary>
    Left,

    /// <summary>Anything that must not be: a wrong answer, none, two, another status.</summary>
    Wrong,
}
