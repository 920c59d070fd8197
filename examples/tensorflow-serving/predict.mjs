// Asks a model the way TensorFlow Serving is asked: node predict.mjs [URL]

const url = process.argv[2] ?? 'http://localhost:8000';
const model = `${url}/v1/models/pp-ocrv4-direction`;

async function call(path, body) {
  const response = await fetch(model + path, body && { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${response.status}: ${answer.error}`);
  }

  return answer;
}

// An image of one grey, as [channels, rows, columns] between -1 and 1.
const image = grey => Array.from({ length: 3 }, () => Array.from({ length: 48 }, () => new Array(192).fill(grey)));

const { model_version_status: [version] } = await call('');
console.log(`version ${version.version} is ${version.state}`);

const { metadata } = await call('/metadata');
const [[input, { dtype, tensor_shape }]] = Object.entries(metadata.signature_def.signature_def.serving_default.inputs);
console.log(`${input} is ${dtype} [${tensor_shape.dim.map(d => d.size)}]`);

// Rows in, rows out.
const { predictions } = await call(':predict', { instances: [image(-1), image(1)] });
console.log(`${predictions.length} rows of ${predictions[0].length} scores`);

// Tensors in, tensors out; the only input needs no name.
const { outputs } = await call(':predict', { inputs: [image(0)] });
console.log(`a tensor of ${outputs.length} x ${outputs[0].length} scores`);

// Examples in, every class with its score out.
const { results } = await call(':classify', { examples: [{ [input]: image(0) }] });
console.log(`classes ${results[0].map(([label]) => label).join(' and ')}`);
