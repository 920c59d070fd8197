// SentencePiece's map of characters, in base64: a double array over UTF-8 (as darts-clone lays it out) and the strings that
// it leads to. Real ones are large and come with models; this one has some of every kind of entry.

// Each unit: bits 0-7 the label, bit 8 whether a value stands at its children's label 0, bits 10 and up the way to the children.
export function charsmap(entries) {
  const root = { children: new Map(), value: -1 };
  const strings = [];
  for (const [key, content] of entries) {
    let node = root;
    for (const byte of Buffer.from(key)) {
      if (!node.children.has(byte)) {
        node.children.set(byte, { children: new Map(), value: -1 });
      }
      node = node.children.get(byte);
    }
    node.value = Buffer.concat(strings).length;
    strings.push(Buffer.from(`${content}\0`));
  }

  const units = [0];
  const bases = new Set([0]);
  const waiting = [[root, 0]];
  while (waiting.length > 0) {
    const [node, place] = waiting.shift();
    const labels = [...(node.value >= 0 ? [0] : []), ...node.children.keys()];
    let base = 1;
    while (bases.has(base) || labels.some(label => (base ^ label) === 0 || units[base ^ label])) {
      base++;
    }
    bases.add(base);
    units[place] = (units[place] | ((place ^ base) << 10) | (node.value >= 0 ? 0x100 : 0)) >>> 0;
    if (node.value >= 0) {
      units[base] = (node.value | 0x80000000) >>> 0;
    }
    for (const [label, child] of node.children) {
      units[base ^ label] = label;
      waiting.push([child, base ^ label]);
    }
  }

  const size = Math.ceil(units.length / 256) * 256;
  const map = Buffer.alloc(4 + 4 * size);
  map.writeUInt32LE(4 * size);
  units.forEach((unit, i) => map.writeUInt32LE(unit ?? 0, 4 + 4 * i));
  return Buffer.concat([map, ...strings]).toString('base64');
}

const single = [];
for (const [from, to] of [[0xa0, 0x17f], [0x2000, 0x218f], [0x2460, 0x24ff], [0x3000, 0x33ff], [0xf900, 0xfa6f], [0xfb00, 0xfb06], [0xff00, 0xffef], [0x1d400, 0x1d4ff]]) {
  for (let c = from; c <= to; c++) {
    const text = String.fromCodePoint(c);
    if (text.normalize('NFKC') !== text) {
      single.push([text, text.normalize('NFKC')]);
    }
  }
}
const marked = [...'aeiouAEIOUncy'].flatMap(c => ['\u0300', '\u0301', '\u0303', '\u0308'].map(mark => [c + mark, (c + mark).normalize('NFC')]));
const others = [['\r\n', ' '], ['\n', ' '], ['\t', ' '], ['\u200b', ' '], ['\ufeff', ''], ['\u0007', ''], ['①', '(1)'], ['か\u3099', 'が'], ['ß', 'ss'], ['1\ufe0f', '1']];

export const nfkc = charsmap(new Map([...single, ...marked, ...others]));
