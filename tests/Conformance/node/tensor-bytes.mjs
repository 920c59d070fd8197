// Bytes as a case describes them: {"FP32": [1, 2]} with any datatype, {"FP32": {"fill": 1, "count": 9}}, {"hex": "00ff"}, {"text": "abc"}.
const writers = {
  BOOL: [1, (buffer, value) => buffer.writeUInt8(value === true || Number(value) === 1 ? 1 : 0)],
  UINT8: [1, (buffer, value) => buffer.writeUInt8(Number(value))],
  INT8: [1, (buffer, value) => buffer.writeInt8(Number(value))],
  UINT16: [2, (buffer, value) => buffer.writeUInt16LE(Number(value))],
  INT16: [2, (buffer, value) => buffer.writeInt16LE(Number(value))],
  UINT32: [4, (buffer, value) => buffer.writeUInt32LE(Number(value))],
  INT32: [4, (buffer, value) => buffer.writeInt32LE(Number(value))],
  UINT64: [8, (buffer, value) => buffer.writeBigUInt64LE(BigInt(value))],
  INT64: [8, (buffer, value) => buffer.writeBigInt64LE(BigInt(value))],
  FP16: [2, (buffer, value) => buffer.writeUInt16LE(half(Number(value)))],
  BF16: [2, (buffer, value) => buffer.writeUInt16LE(bits(Number(value)) >>> 16)],
  FP32: [4, (buffer, value) => buffer.writeFloatLE(Number(value))],
  FP64: [8, (buffer, value) => buffer.writeDoubleLE(Number(value))],
};

export function bytesOf(description) {
  const [[kind, value]] = Object.entries(description);
  return kind === 'hex' ? Buffer.from(value, 'hex') : kind === 'text' ? Buffer.from(value) : encode(kind, value);
}

// The elements as they lie in memory, however they are nested.
export function encode(datatype, values) {
  if (values !== null && typeof values === 'object' && Object.hasOwn(values, 'fill')) {
    const element = encode(datatype, values.fill);
    return Buffer.concat(Array(Number(values.count)).fill(element));
  }

  return Array.isArray(values) ? Buffer.concat(values.map(value => encode(datatype, value))) : encodeOne(datatype, values);
}

// As base64 wherever an object has the one key $bytes.
export function resolve(node) {
  if (Array.isArray(node)) {
    return node.map(resolve);
  }

  if (node !== null && typeof node === 'object') {
    return Object.hasOwn(node, '$bytes')
      ? bytesOf(node.$bytes).toString('base64')
      : Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
  }

  return node;
}

function encodeOne(datatype, value) {
  if (datatype === 'BYTES') {
    const content = Buffer.from(String(value));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return Buffer.concat([length, content]);
  }

  const [size, write] = writers[datatype];
  const buffer = Buffer.alloc(size);
  write(buffer, value);
  return buffer;
}

function bits(number) {
  return new Uint32Array(Float32Array.of(number).buffer)[0];
}

// Exact for numbers that 16 bits hold; the suite has no others.
function half(number) {
  const sign = (bits(number) >>> 16) & 0x8000;
  const size = Math.abs(number);
  if (size === 0) {
    return sign;
  }

  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const mantissa = Math.round(size / 2 ** exponent * 1024);
  return sign | (mantissa < 1024 ? mantissa : (exponent + 15) * 1024 + mantissa - 1024);
}
