using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Grpc.Direct;

/// <summary>
/// A request's features as they are, with a place for the web application's context: the place that the web server offers
/// is taken by <see cref="DirectContext{TContext}"/>, and without one the application would make a context for every request.
/// </summary>
/// <param name="features">The features.</param>
internal sealed class ForwardedFeatures<TContext>(IFeatureCollection features) : IFeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    public TContext? HostContext { get; set; }

    public bool IsReadOnly => features.IsReadOnly;

    public int Revision => features.Revision;

    public object? this[Type key]
    {
        get => features[key];
        set => features[key] = value;
    }

    public TFeature? Get<TFeature>() => features.Get<TFeature>();

    public void Set<TFeature>(TFeature? instance) => features.Set(instance);

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
