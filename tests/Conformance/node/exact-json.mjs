// JSON whose numbers stay as they are: integers that a double cannot hold become bigints, and -0 keeps its sign.
const long = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const mark = '\u0001';

export function parse(text) {
  const marked = text.replace(long, match => match.startsWith('"') ? match : `"\\u0001${match}"`);
  return JSON.parse(marked, (_, value) => typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(1)) : value);
}

export function stringify(value) {
  const text = JSON.stringify(value, (_, item) => typeof item === 'bigint' ? mark + item : Object.is(item, -0) ? `${mark}-0.0` : item);
  return text?.replace(/"\\u0001(-?[\d.]+)"/g, '$1');
}
