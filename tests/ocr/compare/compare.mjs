// Reads the pictures of tests/ocr with a running server and with @gutenye/ocr-node, in turns, one picture at a time and four at a
// time, and prints pictures a second, the rounds' own ratios, and how many characters are right:
// npm ci --ignore-scripts && node compare.mjs http://127.0.0.1:8000 [rounds]

import fs from 'node:fs';
import path from 'node:path';
import Ocr from '@gutenye/ocr-node';

const [server = 'http://127.0.0.1:8000', rounds = '5'] = process.argv.slice(2);
const folder = path.resolve(import.meta.dirname, '..');
const texts = JSON.parse(fs.readFileSync(path.join(folder, 'texts.json'), 'utf8'));
const files = Object.fromEntries(Object.keys(texts).map(name => [name, path.join(folder, `${name}.png`)]));
const other = await Ocr.create();

const readers = {
  'serving': async file => {
    const picture = fs.readFileSync(file);
    const header = JSON.stringify({
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: picture.length + 4 } }],
    });
    const length = Buffer.alloc(4);
    length.writeInt32LE(picture.length);
    const response = await fetch(`${server}/v2/models/ocr/infer`, {
      method: 'POST',
      headers: { 'Inference-Header-Content-Length': `${Buffer.byteLength(header)}` },
      body: Buffer.concat([Buffer.from(header), length, picture]),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(JSON.stringify(answer));
    }

    return answer.outputs.find(output => output.name === 'text').data;
  },
  '@gutenye/ocr-node': async file => (await other.detect(file)).map(line => line.text),
};

const names = Object.keys(readers);
const characters = letters(Object.values(texts).flat().join('')).length;
for (const inFlight of [1, 4]) {
  const rates = Object.fromEntries(names.map(name => [name, []]));
  const wrong = {};
  for (let round = 0; round <= Number(rounds); round++) {
    // Who begins changes from round to round. The first round warms up.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = performance.now();
      wrong[name] = await readAll(readers[name], inFlight);
      if (round > 0) {
        rates[name].push(1000 * Object.keys(files).length / (performance.now() - start));
      }
    }
  }

  console.log(`${inFlight} in flight, ${rounds} rounds of ${Object.keys(files).length} pictures`);
  for (const name of names) {
    console.log(`  ${name}: ${spread(rates[name], 2)} pictures/s, ${(100 * (1 - wrong[name] / characters)).toFixed(1)} % of ${characters} characters right`);
  }

  const [ours, theirs] = names.map(name => rates[name]);
  console.log(`  ratio: ${spread(ours.map((rate, round) => rate / theirs[round]), 2)}`);
}

/** Reads every picture, some at a time, and tells how many characters are wrong. */
async function readAll(read, inFlight) {
  const left = Object.entries(files);
  let mistakes = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [picture, file] = next;
      const lines = await read(file);
      mistakes += distance(lines.join(''), texts[picture].join(''));
    }
  }));
  return mistakes;
}

/** The median, and the least and the most. */
function spread(values, digits) {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return `${((low + high) / 2).toFixed(digits)} (${sorted[0].toFixed(digits)} to ${sorted.at(-1).toFixed(digits)})`;
}

function letters(text) {
  return [...text.replace(/\s+/g, '')];
}

/** How many characters must be changed, added or taken away; spaces do not count. */
function distance(one, another) {
  const [a, b] = [letters(one), letters(another)];
  let row = b.map((_, i) => i + 1);
  a.forEach((letter, i) => {
    let diagonal = i;
    let left = i + 1;
    row = row.map((above, j) => {
      const value = Math.min(above + 1, left + 1, diagonal + (letter === b[j] ? 0 : 1));
      diagonal = above;
      left = value;
      return value;
    });
  });
  return row.at(-1) ?? a.length;
}
