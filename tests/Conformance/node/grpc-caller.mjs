// Makes the calls of gRPC steps with @grpc/grpc-js, which stands in tests/clients/node.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolve as resolveBytes } from './tensor-bytes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const clients = join(here, '../../clients/node');
const protos = join(here, '../../../src/Contracts/Protos');
const patience = 30_000;

if (!existsSync(join(clients, 'node_modules'))) {
  console.error("The gRPC client is missing: run 'npm ci' in tests/clients/node.");
  process.exit(2);
}

const require = createRequire(join(clients, 'package.json'));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const packages = grpc.loadPackageDefinition(loader.loadSync(
  ['grpc_service.proto', 'health.proto', 'reflection.proto', 'reflection_v1alpha.proto'],
  { includeDirs: [protos], keepCase: true, longs: String, enums: String, bytes: String, defaults: true }));
const compressions = { deflate: 1, gzip: 2 };

export class GrpcCaller {
  #address;
  #clients = new Map();

  constructor(address) {
    this.#address = address;
  }

  async isAnswered() {
    return (await this.call({ rpc: 'ServerLive', message: {}, deadline_ms: 5000 })).status === 'OK';
  }

  call(step) {
    const [service, name] = step.rpc.includes('/') ? step.rpc.split('/') : ['inference.GRPCInferenceService', step.rpc];
    const client = this.#client(service, step.compress);
    const method = client.constructor.service[name];
    const metadata = new grpc.Metadata();
    Object.entries(step.metadata ?? {}).forEach(([key, value]) => metadata.set(key, String(value)));
    return exchange(client, method, step, metadata);
  }

  close() {
    this.#clients.forEach(client => client.close());
  }

  #client(service, compression) {
    const key = `${service} ${compression}`;
    if (!this.#clients.has(key)) {
      const Client = service.split('.').reduce((item, part) => item[part], packages);
      this.#clients.set(key, new Client(this.#address, grpc.credentials.createInsecure(), {
        'grpc.max_receive_message_length': -1,
        'grpc.max_send_message_length': -1,
        ...compression ? { 'grpc.default_compression_algorithm': compressions[compression] } : {},
      }));
    }

    return this.#clients.get(key);
  }
}

// Every call is made as a stream of both sides, so that one way of reading serves all.
function exchange(client, method, step, metadata) {
  return new Promise(resolve => {
    const messages = [];
    const options = { deadline: Date.now() + (step.deadline_ms ?? patience) };
    const pending = client.makeBidiStreamRequest(method.path, method.requestSerialize, method.responseDeserialize, metadata, options);
    let enough = false;
    pending.on('data', data => {
      messages.push(message(data));
      if (messages.length === step.take) {
        pending.end();
        enough = !method.requestStream;
        if (enough) {
          pending.cancel();
        }
      }
    });
    pending.on('error', () => {});
    pending.on('status', status => setImmediate(() => resolve(whole(enough ? { code: 0, details: '' } : status, messages))));
    (step.messages ?? [step.message ?? {}]).forEach(one => pending.write(resolveBytes(plain(one))));
    if (step.take === undefined || !method.requestStream) {
      pending.end();
    }

    if (step.cancel_after_ms !== undefined) {
      setTimeout(() => pending.cancel(), step.cancel_after_ms);
    }
  });
}

// Long integers as texts: protobufjs knows no bigint.
function plain(node) {
  if (typeof node === 'bigint') {
    return String(node);
  }

  if (Array.isArray(node)) {
    return node.map(plain);
  }

  return node !== null && typeof node === 'object' ? Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value)])) : node;
}

// An answer with a single message is that message.
function whole({ code, details }, messages) {
  const single = messages.length === 1 ? messages[0] : undefined;
  return {
    status: grpc.status[code],
    text: details,
    error: details,
    json: single?.json,
    tensors: single?.tensors ?? [],
    headers: {},
    messages,
    numbersAsText: true,
  };
}

function message(data) {
  const json = withoutNulls(data);
  return { status: 'message', text: JSON.stringify(json), json, headers: {}, tensors: tensors(json.infer_response ?? json), messages: [], numbersAsText: true };
}

// protobufjs writes null for a message that is not set.
function withoutNulls(node) {
  if (Array.isArray(node)) {
    return node.map(withoutNulls);
  }

  return node !== null && typeof node === 'object'
    ? Object.fromEntries(Object.entries(node).filter(([, value]) => value !== null).map(([key, value]) => [key, withoutNulls(value)]))
    : node;
}

function tensors({ outputs, raw_output_contents: raw }) {
  return Array.isArray(outputs) && Array.isArray(raw)
    ? outputs.slice(0, raw.length).map(({ name, datatype, shape }, i) => ({ name, datatype, shape, form: 'raw', data: Buffer.from(raw[i], 'base64') }))
    : [];
}
