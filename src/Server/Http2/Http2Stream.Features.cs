using System.Collections;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Serving.Server.Http2;

/// <summary>The request and its answer as applications see them. What nobody has set is the connection's.</summary>
internal abstract partial class Http2Stream :
    IFeatureCollection,
    IHttpRequestFeature,
    IHttpRequestBodyDetectionFeature,
    IRequestBodyPipeFeature,
    IHttpRequestLifetimeFeature,
    IHttpRequestIdentifierFeature,
    IHttpMaxRequestBodySizeFeature,
    IHttpMinRequestBodyDataRateFeature,
    IHttpBodyControlFeature,
    IHttpConnectionFeature,
    IHttpResponseFeature,
    IHttpResponseBodyFeature,
    IHttpResponseTrailersFeature,
    IHttpResetFeature
{
    private readonly RequestHeaders _headers;
    private Dictionary<Type, object?>? _set;
    private IHeaderDictionary? _replacedHeaders;
    private Stream? _requestStream;
    private Stream? _responseStream;
    private string? _identifier;
    private string? _method;
    private string? _scheme;
    private string? _path;
    private string? _query;
    private long _received;
    private IPAddress? _remote;
    private bool _isRemoteSet;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    /// <summary>Whether the client may take its time for the body.</summary>
    public bool MayBeSlow { get; private set; }

    string IHttpRequestFeature.Protocol { get; set; } = HttpProtocol.Http2;

    string IHttpRequestFeature.Scheme { get => _scheme ?? Head.Scheme!; set => _scheme = value; }

    string IHttpRequestFeature.Method { get => _method ?? Head.Method!; set => _method = value; }

    string IHttpRequestFeature.PathBase { get; set; } = "";

    string IHttpRequestFeature.Path { get => _path!; set => _path = value; }

    string IHttpRequestFeature.QueryString { get => _query!; set => _query = value; }

    string IHttpRequestFeature.RawTarget { get => Head.Path!; set => throw new NotSupportedException(); }

    IHeaderDictionary IHttpRequestFeature.Headers { get => _replacedHeaders ?? _headers; set => _replacedHeaders = value; }

    Stream IHttpRequestFeature.Body { get => _requestStream ??= Body.AsStream(leaveOpen: true); set => _requestStream = value; }

    bool IHttpRequestBodyDetectionFeature.CanHaveBody => !IsRequestEnded || _received > 0;

    PipeReader IRequestBodyPipeFeature.Reader => Body;

    string IHttpRequestIdentifierFeature.TraceIdentifier
    {
        get => _identifier ??= string.Create(CultureInfo.InvariantCulture, $"{Connection.Id}:{Id:X8}");
        set => _identifier = value;
    }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted
    {
        get
        {
            // Under the gate, so that whoever resets the stream either finds the source or has come before.
            lock (Output.Gate)
            {
                _aborted ??= new CancellationTokenSource();
                return IsReset ? new CancellationToken(canceled: true) : _aborted.Token;
            }
        }

        set => throw new NotSupportedException();
    }

    bool IHttpMaxRequestBodySizeFeature.IsReadOnly => Body.IsBegun;

    long? IHttpMaxRequestBodySizeFeature.MaxRequestBodySize
    {
        get => Body.Limit == long.MaxValue ? null : Body.Limit;
        set => Body.Limit = value ?? long.MaxValue;
    }

    MinDataRate? IHttpMinRequestBodyDataRateFeature.MinDataRate
    {
        get => null;
        set => MayBeSlow = value is null;
    }

    bool IHttpBodyControlFeature.AllowSynchronousIO { get; set; }

    string IHttpConnectionFeature.ConnectionId { get => Connection.Id; set => throw new NotSupportedException(); }

    IPAddress? IHttpConnectionFeature.RemoteIpAddress
    {
        get => _isRemoteSet ? _remote : (Connection.Context.RemoteEndPoint as IPEndPoint)?.Address;
        set => (_remote, _isRemoteSet) = (value, true);
    }

    IPAddress? IHttpConnectionFeature.LocalIpAddress { get => (Connection.Context.LocalEndPoint as IPEndPoint)?.Address; set => throw new NotSupportedException(); }

    int IHttpConnectionFeature.RemotePort { get => (Connection.Context.RemoteEndPoint as IPEndPoint)?.Port ?? 0; set => throw new NotSupportedException(); }

    int IHttpConnectionFeature.LocalPort { get => (Connection.Context.LocalEndPoint as IPEndPoint)?.Port ?? 0; set => throw new NotSupportedException(); }

    string? IHttpResponseFeature.ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers { get => _responseHeaders; set => throw new NotSupportedException(); }

    Stream IHttpResponseFeature.Body { get => ((IHttpResponseBodyFeature)this).Stream; set => throw new NotSupportedException(); }

    Stream IHttpResponseBodyFeature.Stream => _responseStream ??= _writer.AsStream(leaveOpen: true);

    PipeWriter IHttpResponseBodyFeature.Writer => _writer;

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get => _responseTrailers ??= []; set => throw new NotSupportedException(); }

    public object? this[Type key]
    {
        get => _set is not null && _set.TryGetValue(key, out var set) ? set
            : key.IsInstanceOfType(this) ? this
            : Connection.Context.Features[key];
        set
        {
            (_set ??= [])[key] = value;
            Revision++;
        }
    }

    public TFeature? Get<TFeature>() => _set is null && this is TFeature own ? own : (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var feature in GetType().GetInterfaces())
        {
            if (_set?.ContainsKey(feature) != true)
            {
                yield return new(feature, this);
            }
        }

        foreach (var (type, feature) in _set ?? [])
        {
            if (feature is not null)
            {
                yield return new(type, feature);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void IHttpRequestLifetimeFeature.Abort() => Abort(Http2Error.Internal);

    void IHttpResetFeature.Reset(int errorCode) => Abort((Http2Error)errorCode);

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => (_starting ??= []).Add((callback, state));

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => (_completed ??= []).Add((callback, state));

    void IHttpResponseBodyFeature.DisableBuffering()
    {
        // Nothing is held back that was flushed.
    }

    Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        SendFileFallback.SendFileAsync(((IHttpResponseBodyFeature)this).Stream, path, offset, count, cancellationToken);

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => StartAsync();

    Task IHttpResponseBodyFeature.CompleteAsync() => CompleteAsync();

    /// <summary>Makes a path and a query of what was sent.</summary>
    private void Prepare()
    {
        var target = Head.Path!;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        _query = query < 0 ? "" : target[query..];
        _path = path.Contains('%', StringComparison.Ordinal) ? PathString.FromUriComponent(path).Value! : path;
    }

    private void ClearRequest()
    {
        if (_set is not null)
        {
            _set = null;
            Revision++;
        }

        (_replacedHeaders, _requestStream, _responseStream, _identifier, _method, _scheme) = (null, null, null, null, null, null);
        (_received, _isRemoteSet, MayBeSlow) = (0, false, false);
        Body.Limit = Connection.Limits.MostBodyBytes;
        ((IHttpRequestFeature)this).PathBase = "";
    }
}
