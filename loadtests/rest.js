// Load over REST: k6 run loadtests/rest.js. README.md lists the variables.

import { check } from 'k6';
import http from 'k6/http';
import { record } from './lib/measures.js';
import { scenarios, thresholds } from './lib/scenarios.js';
import { summarize, summaryTrendStats } from './lib/summary.js';

const url = __ENV.URL ?? 'http://127.0.0.1:8000';
const model = __ENV.MODEL ?? 'silero-vad';
const body = open(__ENV.BODY ?? './bodies/silero-vad.json');

export const options = {
  scenarios: scenarios(__ENV),
  thresholds: thresholds(__ENV, 'latency'),
  summaryTrendStats,
};

export function setup() {
  const ready = http.get(`${url}/v2/models/${model}/ready`);
  if (ready.status !== 200) {
    throw new Error(`${model} at ${url} is not ready: ${ready.status} ${ready.body ?? ready.error}`);
  }
}

export default function () {
  const response = http.post(`${url}/v2/models/${model}/infer`, body, {
    headers: { 'Content-Type': 'application/json', 'X-Server-Timing': '1' },
  });

  record({
    milliseconds: response.timings.duration,
    answered: response.status === 200,
    busy: response.status === 503 || response.status === 429,
    serverTiming: response.headers['Server-Timing'],
  });
  if (response.status === 200) {
    check(response, { 'has outputs': r => String(r.body).includes('"outputs"') });
  }
}

/** @param {any} data */
export function handleSummary(data) {
  return { stdout: summarize(data) };
}
