// Reads the pictures of tests/ocr with a running server and with @gutenye/ocr-node, in turns, and prints how long each takes and
// how many characters are right: npm ci --ignore-scripts && node compare.mjs http://127.0.0.1:8000 [rounds]

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

const times = Object.fromEntries(Object.keys(readers).map(name => [name, []]));
const wrong = {};
for (let round = 0; round <= Number(rounds); round++) {
  for (const [name, read] of Object.entries(readers)) {
    const start = performance.now();
    wrong[name] = 0;
    for (const [picture, file] of Object.entries(files)) {
      wrong[name] += distance((await read(file)).join(''), texts[picture].join(''));
    }

    // The first round warms up.
    if (round > 0) {
      times[name].push(performance.now() - start);
    }
  }
}

const characters = letters(Object.values(texts).flat().join('')).length;
for (const name of Object.keys(readers)) {
  const sorted = times[name].sort((a, b) => a - b);
  console.log(`${name}: ${sorted[sorted.length >> 1].toFixed(0)} ms for ${Object.keys(files).length} pictures (${sorted[0].toFixed(0)} to ${sorted.at(-1).toFixed(0)}), ${(100 * (1 - wrong[name] / characters)).toFixed(1)} % of characters right`);
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
