// A server as one writes it in an afternoon: fastify before onnxruntime-node. Floats in, floats out, nothing else.
// usage: node server.mjs MODEL.onnx; the graph takes rows of floats as x and gives rows of floats.

import { createRequire } from 'node:module';
import Fastify from 'fastify';

const require = createRequire(import.meta.url);
const ort = require('../../../eng/onnxruntime/node_modules/onnxruntime-node');

const session = await ort.InferenceSession.create(process.argv[2], {
  executionMode: 'sequential', graphOptimizationLevel: 'all', interOpNumThreads: 1, intraOpNumThreads: 1,
});
const output = session.outputNames[0];
const app = Fastify();
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
app.post('/infer', async (request, reply) => {
  const { buffer, byteOffset, byteLength } = request.body;
  const count = byteLength / Float32Array.BYTES_PER_ELEMENT;
  const x = byteOffset % Float32Array.BYTES_PER_ELEMENT === 0
    ? new Float32Array(buffer, byteOffset, count)
    : new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const { data } = (await session.run({ x: new ort.Tensor('float32', x, [1, count]) }))[output];
  reply.type('application/octet-stream');
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
});
console.log(`listens ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
