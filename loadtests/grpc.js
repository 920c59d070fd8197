// Load over gRPC: k6 run loadtests/grpc.js. README.md lists the variables.

import { check } from 'k6';
import grpc from 'k6/net/grpc';
import { toGrpc } from './lib/grpcRequest.js';
import { record } from './lib/measures.js';
import { scenarios, thresholds } from './lib/scenarios.js';
import { summarize, summaryTrendStats } from './lib/summary.js';

const address = __ENV.ADDRESS ?? '127.0.0.1:8001';
const model = __ENV.MODEL ?? 'silero-vad';
const request = toGrpc(model, JSON.parse(open(__ENV.BODY ?? './bodies/silero-vad.json')));
const service = 'inference.GRPCInferenceService';

const client = new grpc.Client();
client.load(['../src/Contracts/Protos'], 'grpc_service.proto');

// Each virtual user connects once and keeps its connection.
let connected = false;

export const options = {
  scenarios: scenarios(__ENV),
  thresholds: thresholds(__ENV, 'grpc_req_duration'),
  summaryTrendStats,
};

export default function () {
  if (!connected) {
    client.connect(address, { plaintext: true });
    connected = true;
  }

  const response = client.invoke(`${service}/ModelInfer`, request, { metadata: { 'x-server-timing': '1' } });

  // Scripts have no clock finer than a millisecond; k6 measures grpc_req_duration by itself.
  record({
    answered: response.status === grpc.StatusOK,
    busy: response.status === grpc.StatusResourceExhausted || response.status === grpc.StatusUnavailable,
    serverTiming: first(response.trailers, 'server-timing'),
  });
  if (response.status === grpc.StatusOK) {
    check(response, { 'has outputs': r => /** @type {any} */ (r.message).outputs.length > 0 });
  }
}

/**
 * The first value of a key; k6 gives metadata as lists.
 * @param {object} metadata
 * @param {string} key
 * @returns {string | undefined}
 */
function first(metadata, key) {
  return [/** @type {Record<string, any>} */ (metadata)[key]].flat()[0];
}

/** @param {any} data */
export function handleSummary(data) {
  return { stdout: summarize(data) };
}
