using Serving.Runtime.Configuration;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>An input or output in a model's configuration.</summary>
/// <param name="Signature">What the graph declares.</param>
/// <param name="Dims">Its extents, -1 where it varies; without the batch axis where the model has a <see cref="ModelConfiguration.MaxBatchSize"/>.</param>
/// <param name="LabelFile">An output's file of labels as the configuration names it; empty where it names none.</param>
/// <param name="Format">How an image lies in an input, as the configuration says.</param>
public sealed record ConfiguredTensor(TensorSignature Signature, IReadOnlyList<long> Dims, string LabelFile, TensorFormat Format = TensorFormat.None);
