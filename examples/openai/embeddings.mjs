// Which of a few sentences is nearest to another: node embeddings.mjs [URL]

import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2] ?? 'http://localhost:8000'}/v1`, apiKey: 'any' });
const question = 'How do I cook rice?';
const sentences = ['The train leaves at nine.', 'Rinse the grains, then let them simmer.', 'It will rain tomorrow.'];

// The client asks for base64 by itself, which is a third of the bytes of decimal numbers.
const answer = await client.embeddings.create({ model: 'vectors', input: [question, ...sentences] });
const [first, ...others] = answer.data.map(one => one.embedding);

// Vectors have a length of 1: their product is the cosine.
const near = others.map(vector => vector.reduce((sum, x, i) => sum + x * first[i], 0));
sentences.forEach((sentence, i) => console.log(near[i].toFixed(3), sentence));
console.log(`${first.length} numbers each, ${answer.usage.total_tokens} tokens`);
