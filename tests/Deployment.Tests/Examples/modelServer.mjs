// A server of one model, made of Node's own ONNX Runtime, which shows that an example speaks to the model as it should
// without the server that the project is about. Prints its port.

import http from 'node:http';
import { createRequire } from 'node:module';

const [model, packages] = process.argv.slice(2);
const ort = createRequire(packages)('onnxruntime-node');
const session = await ort.InferenceSession.create(model);

const arrays = {
  FP32: data => new ort.Tensor('float32', Float32Array.from(data[0]), data[1]),
  INT64: data => new ort.Tensor('int64', BigInt64Array.from(data[0].map(BigInt)), data[1]),
};

async function infer(body) {
  const request = JSON.parse(body);
  const feeds = Object.fromEntries(request.inputs.map(i => [i.name, arrays[i.datatype]([[i.data].flat(Infinity), i.shape])]));
  const results = await session.run(feeds);
  const wanted = request.outputs?.map(o => o.name) ?? Object.keys(results);
  return { outputs: wanted.map(name => ({ name, datatype: 'FP32', shape: results[name].dims, data: [...results[name].data] })) };
}

const server = http.createServer(async (request, response) => {
  try {
    let body = '';
    for await (const part of request) {
      body += part;
    }

    response.end(JSON.stringify(request.method === 'GET' ? { name: 'silero-vad' } : await infer(body)));
  } catch (error) {
    response.writeHead(400).end(JSON.stringify({ error: error.message }));
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
