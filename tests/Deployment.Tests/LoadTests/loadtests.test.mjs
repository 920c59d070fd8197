import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { state } from './fakeK6.mjs';

const folder = new URL('../../../loadtests/', import.meta.url);
globalThis.__ENV = {};
globalThis.open = path => readFileSync(new URL(path, folder), 'utf8');

const load = name => import(new URL(name, folder));
const { scenarios, thresholds } = await load('lib/scenarios.js');
const { parseServerTiming } = await load('lib/serverTiming.js');
const { toGrpc } = await load('lib/grpcRequest.js');
const { summarize } = await load('lib/summary.js');
const rest = await load('rest.js');
const grpc = await load('grpc.js');

function forget() {
  Object.values(state.metrics).forEach(values => values.length = 0);
  state.posts.length = state.invocations.length = 0;
}

test('Server-Timing gives the stages that have a duration', () => {
  assert.deepEqual(parseServerTiming('queue;dur=0.12, infer;desc="x";dur=3.4,cache'), { queue: 0.12, infer: 3.4 });
  assert.deepEqual(parseServerTiming('infer;dur=soon'), {});
  assert.deepEqual(parseServerTiming(undefined), {});
});

test('scenarios are smoke by default, and chosen by name', () => {
  assert.equal(scenarios({}).smoke.vus, 1);
  assert.equal(scenarios({ SCENARIO: 'load', RATE: '40', DURATION: '5s' }).load.rate, 40);
  assert.deepEqual(scenarios({ SCENARIO: 'stress', RATE: '10' }).stress.stages.map(s => s.target), [10, 20, 30, 40]);
});

test('a wrong variable is named', () => {
  assert.throws(() => scenarios({ SCENARIO: 'soak' }), /SCENARIO must be smoke, load or stress, but is 'soak'/);
  assert.throws(() => scenarios({ RATE: 'fast' }), /RATE must be a positive number, but is 'fast'/);
  assert.throws(() => thresholds({ P99_MS: '0' }, 'latency'), /P99_MS/);
});

test('under stress only failures count', () => {
  assert.deepEqual(Object.keys(thresholds({ SCENARIO: 'stress' }, 'latency')), ['failed']);
  assert.deepEqual(thresholds({ P99_MS: '20' }, 'latency').latency, ['p(99)<20']);
});

test('a request of REST becomes one of gRPC', () => {
  const body = { inputs: [{ name: 'a', datatype: 'INT64', shape: [1, 2], data: [[1, 2]] }, { name: 's', datatype: 'FP32', shape: [], data: 3 }] };
  assert.deepEqual(toGrpc('m', body), {
    model_name: 'm',
    inputs: [
      { name: 'a', datatype: 'INT64', shape: [1, 2], contents: { int64_contents: [1, 2] } },
      { name: 's', datatype: 'FP32', shape: [], contents: { fp32_contents: [3] } },
    ],
  });
  assert.throws(() => toGrpc('m', { inputs: [{ name: 'h', datatype: 'FP16', shape: [1], data: [1] }] }), /Input 'h': FP16/);
});

test('the default body fills its shapes', () => {
  for (const input of JSON.parse(open('bodies/silero-vad.json')).inputs) {
    assert.equal(input.data.length, input.shape.reduce((a, b) => a * b, 1), input.name);
  }
});

test('REST records the stages of an answer', () => {
  forget();
  state.answer = { status: 200, body: '{"outputs":[]}', timings: { duration: 7 }, headers: { 'Server-Timing': 'infer;dur=5, other;dur=1' } };
  rest.default();
  assert.deepEqual([state.metrics.latency, state.metrics.server_infer, state.metrics.failed, state.metrics.refused], [[7], [5], [false], [false]]);
  assert.match(state.posts[0][0], /\/v2\/models\/silero-vad\/infer$/);
  assert.equal(state.posts[0][2].headers['X-Server-Timing'], '1');
});

test('REST tells refused from failed', () => {
  for (const [status, refused, failed] of [[503, true, false], [429, true, false], [500, false, true], [0, false, true]]) {
    forget();
    state.answer = { status, body: null, timings: { duration: 1 }, headers: {} };
    rest.default();
    assert.deepEqual([state.metrics.refused, state.metrics.failed, state.metrics.latency], [[refused], [failed], []], String(status));
  }
});

test('REST does not begin with a model that is not ready', () => {
  state.answer = { status: 404, body: '{"error":"unknown"}' };
  assert.throws(() => rest.setup(), /silero-vad at http:\/\/127.0.0.1:8000 is not ready: 404 .*unknown/);
});

test('gRPC connects once and tells refused from failed', () => {
  for (const [status, refused, failed] of [[0, false, false], [8, true, false], [14, true, false], [13, false, true]]) {
    forget();
    state.answer = { status, message: { outputs: [{}] }, trailers: { 'server-timing': ['queue;dur=2'] } };
    grpc.default();
    assert.deepEqual([state.metrics.refused, state.metrics.failed], [[refused], [failed]], String(status));
    assert.deepEqual(state.metrics.server_queue, status === 0 ? [2] : []);
  }

  assert.equal(state.connections, 1);
  assert.equal(state.invocations[0][0], 'inference.GRPCInferenceService/ModelInfer');
});

test('the summary names what was measured', () => {
  const values = { med: 1, 'p(90)': 2, 'p(95)': 3, 'p(99)': 4, max: 5 };
  const text = summarize({ metrics: { latency: { values }, iterations: { values: { rate: 99.5 } }, failed: { values: { rate: 0.001 } } } });
  assert.match(text, /latency .*p\(99\) 4\.00 ms/);
  assert.match(text, /throughput +99\.5 requests a second/);
  assert.match(text, /failed +0\.100 %/);
  assert.doesNotMatch(text, /server_queue/);
});
