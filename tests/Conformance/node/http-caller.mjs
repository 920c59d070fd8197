// Makes the calls of REST steps with Node's own client, which adds nothing to a request and leaves the response as it came.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import zlib from 'node:zlib';
import { parse, stringify } from './exact-json.mjs';
import { bytesOf, encode, resolve } from './tensor-bytes.mjs';

const verbs = ['get', 'post', 'put', 'delete', 'head', 'patch'];
const jsonLength = 'Inference-Header-Content-Length';
const patience = 30_000;

export function isHttp(step) {
  return verbs.some(verb => verb in step);
}

export async function callHttp(base, step) {
  const verb = verbs.find(name => name in step);
  const { headers, body } = request(step);
  if (step.abort_after !== undefined) {
    await abort(base, verb.toUpperCase(), step[verb], headers, body, step.abort_after);
    return { status: 'aborted', text: '', headers: {}, tensors: [], messages: [] };
  }

  const { response, sent } = await exchange(new URL(step[verb], base), verb.toUpperCase(), headers, body);
  return read(response, sent);
}

function request(step) {
  let headers = {};
  let body = step.json === undefined ? undefined : Buffer.from(stringify(resolve(step.json)));
  if (step.binary) {
    headers['Content-Type'] = 'application/octet-stream';
    headers[jsonLength] = String(body?.length ?? 0);
    body = Buffer.concat([body ?? Buffer.alloc(0), ...step.binary.map(bytesOf)]);
  } else if (body !== undefined || step.text !== undefined) {
    headers['Content-Type'] = 'application/json';
    body ??= Buffer.from(step.text);
  }

  if (step.encode) {
    headers['Content-Encoding'] = step.encode;
    body = step.encode === 'gzip' ? zlib.gzipSync(body) : zlib.deflateSync(body);
  }

  for (const [name, value] of Object.entries(step.headers ?? {})) {
    headers = Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()));
    if (value !== null) {
      headers[name] = String(value);
    }
  }

  return { headers, body };
}

function exchange(url, method, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? (method === 'POST' ? { 'Content-Length': 0 } : {}) : { 'Content-Length': body.length };
    const pending = (url.protocol === 'https:' ? https : http).request(url, { method, headers: { ...headers, ...length }, timeout: patience }, response => {
      const chunks = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => resolve({ response, sent: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    pending.on('timeout', () => pending.destroy(new Error('the server took too long')));
    pending.on('error', reject);
    pending.end(body);
  });
}

// Sends the request's head and the first bytes of its body, then closes the connection.
function abort(base, method, path, headers, body, kept) {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(base);
    const all = { ...headers, Host: host, 'Content-Length': body.length };
    const head = `${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from(head), body.subarray(0, kept)]), () => { socket.destroy(); resolve(); });
    });
    socket.on('error', reject);
  });
}

function read(response, sent) {
  const coding = response.headers['content-encoding'];
  const body = coding === 'gzip' ? zlib.gunzipSync(sent) : coding === 'deflate' ? zlib.inflateSync(sent) : sent;
  const length = Number(response.headers[jsonLength.toLowerCase()] ?? body.length);
  const text = body.subarray(0, length).toString();
  const json = parseOrNothing(text);
  return {
    status: String(response.statusCode),
    text,
    json,
    headers: response.headers,
    error: typeof json?.error === 'string' ? json.error : undefined,
    tensors: tensors(json, body.subarray(length)),
    messages: response.headers['content-type']?.startsWith('text/event-stream') ? events(text) : [],
  };
}

function events(text) {
  return text.split('\n')
    .filter(line => line.startsWith('data:'))
    .map(line => line.slice('data:'.length).trim())
    .map(data => ({ status: 'event', text: data, json: parseOrNothing(data), headers: {}, tensors: [], messages: [] }));
}

function parseOrNothing(text) {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function tensors(json, binary) {
  const outputs = Array.isArray(json?.outputs) ? json.outputs.filter(output => output?.datatype !== undefined) : [];
  let offset = 0;
  const found = [];
  for (const { name, datatype, shape, parameters, data } of outputs) {
    const size = parameters?.binary_data_size;
    if (size !== undefined) {
      found.push({ name, datatype, shape, form: 'binary', data: binary.subarray(offset, offset + size) });
      offset += size;
    } else if (data !== undefined) {
      found.push({ name, datatype, shape, form: 'json', data: encode(datatype, data) });
    }
  }

  if (offset !== binary.length) {
    throw new Error(`${binary.length - offset} bytes of the answer belong to no output`);
  }

  return found;
}
