// Calls every rpc that the server offers, with the gRPC client of Node.
// Usage: node client.mjs HOST:PORT MODEL [real] [CA CERTIFICATE KEY], where MODEL answers its only input, FP32 with two axes,
// as its only output. With 'real' the server counts and loads models, and does not only pretend to. With three PEM files the
// calls go over TLS, and the client shows the certificate.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, model, ...rest] = process.argv.slice(2);
const realEngine = rest[0] === 'real';
const pems = realEngine ? rest.slice(1) : rest;
const protos = join(dirname(fileURLToPath(import.meta.url)), '../../../src/Contracts/Protos');
const definitions = loader.loadSync(
  ['grpc_service.proto', 'health.proto', 'reflection.proto', 'reflection_v1alpha.proto'],
  { includeDirs: [protos], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });
const packages = grpc.loadPackageDefinition(definitions);
const [ca, certificate, key] = pems.map(file => readFileSync(file));
const credentials = ca ? grpc.credentials.createSsl(ca, key, certificate) : grpc.credentials.createInsecure();
const patience = { deadline: Date.now() + 60_000 };

const inference = new packages.inference.GRPCInferenceService(address, credentials, {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
});
const health = new packages.grpc.health.v1.Health(address, credentials);

function call(client, name, request, { metadata = new grpc.Metadata(), options = patience } = {}) {
  return new Promise((resolve, reject) => {
    let trailers;
    const pending = client[name](request, metadata, options, (error, response) =>
      error ? reject(error) : setImmediate(() => resolve({ response, trailers })));
    pending.on('status', status => { trailers = status.metadata; });
  });
}

async function fails(code, name, request, options) {
  await assert.rejects(call(inference, name, request, options), error => {
    assert.equal(error.code, code, `${name}: ${error.message}`);
    assert.notEqual(error.details, '');
    return true;
  });
}

function floats(count) {
  return Float32Array.from({ length: count }, (_, i) => i - 0.5);
}

function bytes(values) {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

async function request(rows, columns, typed = false) {
  const { response } = await call(inference, 'ModelMetadata', { name: model });
  const values = floats(rows * columns);
  return {
    values,
    message: {
      model_name: model,
      id: 'ünïque',
      inputs: [{
        name: response.inputs[0].name,
        datatype: 'FP32',
        shape: [rows, columns],
        ...typed ? { contents: { fp32_contents: [...values] } } : {},
      }],
      raw_input_contents: typed ? [] : [bytes(values)],
    },
  };
}

async function infer({ message, values }, options) {
  const { response, trailers } = await call(inference, 'ModelInfer', message, options);
  assert.equal(response.id, 'ünïque');
  assert.equal(response.outputs[0].datatype, 'FP32');
  assert.deepEqual(response.outputs[0].shape, message.inputs[0].shape);
  assert.ok(bytes(values).equals(response.raw_output_contents[0]));
  return trailers;
}

async function statistics() {
  const { response } = await call(inference, 'ModelStatistics', { name: model });
  assert.equal(response.model_stats.length, 1);
  return response.model_stats[0];
}

// An ONNX model, field by field: y is x, FP32 with two open axes.
function identity() {
  const field = (number, content) => Buffer.concat([Buffer.from([number << 3 | 2, content.length]), content]);
  const text = (number, value) => field(number, Buffer.from(value));
  const number = (number, value) => Buffer.from([number << 3, value]);
  const shape = Buffer.concat([field(1, text(2, 'rows')), field(1, text(2, 'columns'))]);
  const type = field(2, field(1, Buffer.concat([number(1, 1), field(2, shape)])));
  const graph = Buffer.concat([
    field(1, Buffer.concat([text(1, 'x'), text(2, 'y'), text(4, 'Identity')])),
    text(2, 'graph'),
    field(11, Buffer.concat([text(1, 'x'), type])),
    field(12, Buffer.concat([text(1, 'y'), type])),
  ]);
  return Buffer.concat([number(1, 8), field(7, graph), field(8, number(2, 17))]);
}

function stream(pending) {
  const messages = [];
  return new Promise((resolve, reject) => {
    pending.on('data', message => messages.push(message));
    pending.on('error', reject);
    pending.on('end', () => resolve(messages));
  });
}

function watchOnce(service) {
  return new Promise((resolve, reject) => {
    const pending = health.Watch({ service }, patience);
    pending.on('data', message => { resolve(message.status); pending.cancel(); });
    pending.on('error', error => error.code === grpc.status.CANCELLED || reject(error));
  });
}

async function reflect(service) {
  const pending = new service.ServerReflection(address, credentials).ServerReflectionInfo(patience);
  const answers = stream(pending);
  pending.write({ list_services: '' });
  pending.write({ file_containing_symbol: 'inference.GRPCInferenceService' });
  pending.write({ file_containing_symbol: 'no.such.Symbol' });
  pending.end();
  const [services, file, missing] = await answers;
  assert.ok(services.list_services_response.service.some(s => s.name === 'inference.GRPCInferenceService'));
  assert.equal(file.file_descriptor_response.file_descriptor_proto.length, 2);
  assert.equal(missing.error_response.error_code, grpc.status.NOT_FOUND);
}

const checks = {
  async ServerLive() {
    assert.equal((await call(inference, 'ServerLive', {})).response.live, true);
  },
  async ServerReady() {
    assert.equal((await call(inference, 'ServerReady', {})).response.ready, true);
  },
  async ModelReady() {
    assert.equal((await call(inference, 'ModelReady', { name: model })).response.ready, true);
    assert.equal((await call(inference, 'ModelReady', { name: 'no-such-model' })).response.ready, false);
  },
  async ServerMetadata() {
    const { response } = await call(inference, 'ServerMetadata', {});
    assert.equal(response.name, 'serving');
    assert.ok(response.extensions.includes('model_repository'));
  },
  async ModelMetadata() {
    const { response } = await call(inference, 'ModelMetadata', { name: model });
    assert.equal(response.name, model);
    assert.equal(response.inputs[0].datatype, 'FP32');
    await fails(grpc.status.NOT_FOUND, 'ModelMetadata', { name: 'no-such-model' });
  },
  async 'ModelInfer raw'() {
    await infer(await request(1, 2));
    await infer(await request(3, 2));
  },
  async 'ModelInfer typed'() {
    await infer(await request(2, 2, true));
  },
  async 'ModelInfer gzip'() {
    await infer(await request(500, 2), { options: { ...patience, 'grpc.default_compression_algorithm': 2 } });
    const client = new packages.inference.GRPCInferenceService(address, credentials, { 'grpc.default_compression_algorithm': 2 });
    const { message, values } = await request(500, 2);
    const { response } = await call(client, 'ModelInfer', message);
    assert.ok(bytes(values).equals(response.raw_output_contents[0]));
  },
  async 'ModelInfer large'() {
    await infer(await request(1000, 2000));
  },
  async 'ModelInfer many'() {
    const sent = await Promise.all(Array.from({ length: 200 }, (_, i) => request(1 + i % 7, 2)));
    await Promise.all(sent.map(one => infer(one)));
  },
  async 'ModelInfer server-timing'() {
    const metadata = new grpc.Metadata();
    metadata.set('x-server-timing', '1');
    const trailers = await infer(await request(1, 2), { metadata });
    assert.match(trailers.get('server-timing')[0], /queue;dur=.*total;dur=/);
  },
  async 'ModelInfer errors'() {
    const { message } = await request(1, 2);
    await fails(grpc.status.NOT_FOUND, 'ModelInfer', { ...message, model_name: 'no-such-model' });
    await fails(grpc.status.INVALID_ARGUMENT, 'ModelInfer', { ...message, raw_input_contents: [] });
    await fails(grpc.status.INVALID_ARGUMENT, 'ModelInfer', { ...message, raw_input_contents: [Buffer.alloc(8), Buffer.alloc(8)] });
    await fails(grpc.status.INVALID_ARGUMENT, 'ModelInfer', { ...message, parameters: { triton_x: { bool_param: true } } });
  },
  async 'ModelStreamInfer order'() {
    const sent = await Promise.all(Array.from({ length: 150 }, (_, i) => request(1 + i % 5, 2, i % 3 === 0)));
    const pending = inference.ModelStreamInfer(patience);
    const answers = stream(pending);
    sent.forEach(({ message }, i) => pending.write({ ...message, id: `${i}`, model_name: i % 10 === 7 ? 'no-such-model' : model }));
    pending.end();
    (await answers).forEach(({ error_message, infer_response }, i) => {
      assert.equal(infer_response.id, `${i}`);
      assert.equal(error_message.includes('no-such-model'), i % 10 === 7);
      assert.equal(infer_response.parameters.triton_final_response.bool_param, true);
      assert.ok(i % 10 === 7 || bytes(sent[i].values).equals(infer_response.raw_output_contents[0]));
    });
    assert.equal((await answers).length, sent.length);
  },
  async 'ModelStreamInfer conversation'() {
    const { message } = await request(1, 2);
    const pending = inference.ModelStreamInfer(patience);
    for (const id of ['one', 'two', 'three']) {
      const answer = once(pending, 'data');
      pending.write({ ...message, id });
      assert.equal((await answer)[0].infer_response.id, id);
    }
    const end = once(pending, 'end');
    pending.end();
    pending.resume();
    await end;
  },
  async 'ModelStreamInfer status'() {
    const { message } = await request(1, 2);
    const metadata = new grpc.Metadata();
    metadata.set('triton_grpc_error', 'true');
    const pending = inference.ModelStreamInfer(metadata, patience);
    const answers = [];
    pending.on('data', answer => answers.push(answer.infer_response.id));
    pending.write({ ...message, id: 'good' });
    pending.write({ ...message, id: 'bad', model_name: 'no-such-model' });
    const [error] = await once(pending, 'error');
    assert.equal(error.code, grpc.status.NOT_FOUND);
    assert.deepEqual(answers, ['good']);
  },
  async 'ModelStreamInfer cancelled'() {
    const { message } = await request(1, 2);
    const pending = inference.ModelStreamInfer(patience);
    const answer = once(pending, 'data');
    pending.write(message);
    await answer;
    pending.cancel();
    const [error] = await once(pending, 'error');
    assert.equal(error.code, grpc.status.CANCELLED);
    await infer(await request(1, 2));
  },
  async RepositoryIndex() {
    const { response } = await call(inference, 'RepositoryIndex', {});
    assert.equal(response.models.find(entry => entry.name === model).state, 'READY');
  },
  async RepositoryModelLoad() {
    await call(inference, 'RepositoryModelLoad', { model_name: model });
    await fails(grpc.status.NOT_FOUND, 'RepositoryModelLoad', { model_name: 'no-such-model' });
  },
  async RepositoryModelUnload() {
    await fails(grpc.status.NOT_FOUND, 'RepositoryModelUnload', { model_name: 'no-such-model' });
    await call(inference, 'RepositoryModelUnload', { model_name: model });
    await call(inference, 'RepositoryModelLoad', { model_name: model });
    assert.equal((await call(inference, 'ModelReady', { name: model })).response.ready, true);
  },
  async TraceSetting() {
    const { response } = await call(inference, 'TraceSetting', {});
    assert.deepEqual(response.settings.trace_level.value, ['OFF']);
    const changed = await call(inference, 'TraceSetting', { model_name: model, settings: { trace_rate: { value: ['5'] } } });
    assert.deepEqual(changed.response.settings.trace_rate.value, ['5']);
    const cleared = await call(inference, 'TraceSetting', { model_name: model, settings: { trace_rate: {} } });
    assert.deepEqual(cleared.response.settings.trace_rate.value, ['1000']);
    await fails(grpc.status.INVALID_ARGUMENT, 'TraceSetting', { settings: { trace_rate: { value: ['x'] } } });
  },
  async LogSettings() {
    const { response } = await call(inference, 'LogSettings', { settings: { log_verbose_level: { uint32_param: 0 } } });
    assert.equal(response.settings.log_format.string_param, 'default');
    await fails(grpc.status.UNIMPLEMENTED, 'LogSettings', { settings: { log_file: { string_param: 'x' } } });
  },
  async ModelConfig() {
    const { response: { config } } = await call(inference, 'ModelConfig', { name: model });
    const { response: metadata } = await call(inference, 'ModelMetadata', { name: model });
    assert.equal(config.backend, 'onnxruntime');
    assert.equal(config.model_transaction_policy.decoupled, false);
    assert.equal(config.response_cache.enable, false);
    await fails(grpc.status.NOT_FOUND, 'ModelConfig', { name: 'no-such-model' });
    if (!realEngine) {
      return;
    }
    assert.deepEqual(config.input.map(tensor => tensor.name), metadata.inputs.map(tensor => tensor.name));
    assert.equal(config.scheduling_choice, config.max_batch_size > 0 ? 'dynamic_batching' : undefined);
    for (const [i, tensor] of config.input.entries()) {
      assert.deepEqual(config.max_batch_size > 0 ? [-1, ...tensor.dims] : tensor.dims, metadata.inputs[i].shape);
    }
  },
  async ModelStatistics() {
    const before = await statistics();
    for (let i = 0; i < 5; i++) {
      await infer(await request(2, 2));
    }
    const after = await statistics();
    const { success, ...stages } = after.inference_stats;
    for (const stage of ['queue', 'compute_input', 'compute_infer', 'compute_output']) {
      assert.equal(stages[stage].count, success.count, stage);
    }
    assert.equal(after.execution_count, after.batch_stats.reduce((sum, batch) => sum + batch.compute_infer.count, 0));
    assert.equal(after.inference_count, after.batch_stats.reduce((sum, batch) => sum + batch.batch_size * batch.compute_infer.count, 0));
    if (realEngine) {
      assert.equal(success.count - before.inference_stats.success.count, 5);
      assert.equal(after.inference_count - before.inference_count, 10);
      assert.ok(Math.abs(Date.now() - after.last_inference) < 60_000);
    }
    await fails(grpc.status.NOT_FOUND, 'ModelStatistics', { name: 'no-such-model' });
  },
  async 'RepositoryModelLoad overrides'() {
    await call(inference, 'RepositoryModelLoad', { model_name: model, parameters: { config: { string_param: '{"max_batch_size": 4}' } } });
    await fails(grpc.status.INVALID_ARGUMENT, 'RepositoryModelLoad', { model_name: model, parameters: { config: { bool_param: true } } });
    await fails(grpc.status.INVALID_ARGUMENT, 'RepositoryModelLoad', { model_name: model, parameters: { 'file:1/x': { bytes_param: Buffer.from('x') } } });
    if (!realEngine) {
      return;
    }
    assert.equal((await call(inference, 'ModelConfig', { name: model })).response.config.max_batch_size, 4);
    const override = { config: { string_param: '{}' }, 'file:3/model.onnx': { bytes_param: identity() } };
    await call(inference, 'RepositoryModelLoad', { model_name: 'uploaded', parameters: override });
    assert.equal((await call(inference, 'ModelReady', { name: 'uploaded', version: '3' })).response.ready, true);
    const { message, values } = await request(2, 2);
    const { response } = await call(inference, 'ModelInfer', { ...message, model_name: 'uploaded' });
    assert.ok(bytes(values).equals(response.raw_output_contents[0]));
    for (const bad of ['file:../../x', 'file:1/.x', 'file:model.onnx']) {
      await fails(grpc.status.INVALID_ARGUMENT, 'RepositoryModelLoad', { model_name: model, parameters: { config: { string_param: '{}' }, [bad]: { bytes_param: identity() } } });
    }
    await call(inference, 'RepositoryModelUnload', { model_name: 'uploaded', parameters: { unload_dependents: { bool_param: true } } });
    assert.equal((await call(inference, 'ModelReady', { name: 'uploaded' })).response.ready, false);
    await call(inference, 'RepositoryModelLoad', { model_name: model });
    assert.notEqual((await call(inference, 'ModelConfig', { name: model })).response.config.max_batch_size, 4);
  },
  async Unimplemented() {
    await fails(grpc.status.UNIMPLEMENTED, 'CudaSharedMemoryRegister', {});
  },
  async 'Health Check'() {
    assert.equal((await call(health, 'Check', {})).response.status, 'SERVING');
    assert.equal((await call(health, 'Check', { service: model })).response.status, 'SERVING');
    await assert.rejects(call(health, 'Check', { service: 'no-such-model' }), { code: grpc.status.NOT_FOUND });
  },
  async 'Health Watch'() {
    assert.equal(await watchOnce(''), 'SERVING');
    assert.equal(await watchOnce('no-such-model'), 'SERVICE_UNKNOWN');
  },
  async 'Reflection v1'() {
    await reflect(packages.grpc.reflection.v1);
  },
  async 'Reflection v1alpha'() {
    await reflect(packages.grpc.reflection.v1alpha);
  },
};

if (!address || !model) {
  console.error('usage: node client.mjs HOST:PORT MODEL');
  process.exit(2);
}

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    console.error(`failed ${name}: ${error.stack}`);
    process.exit(1);
  }
}

process.exit(0);
