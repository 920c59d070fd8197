// What a step expects of its answer: status, headers, error, JSON, tensors, messages.
import { check, demand, excerpt, Mismatch } from './match.mjs';
import { encode } from './tensor-bytes.mjs';

const success = ['200', 'OK', 'aborted', 'message', 'event'];

export function expect(expected = {}, reply, saved) {
  const wanted = expected.status ?? expected.code;
  const allowed = wanted === undefined ? success : [wanted].flat().map(String);
  demand(
    allowed.includes(reply.status),
    `answered ${reply.status}, expected ${wanted === undefined ? 'success' : allowed.join(' or ')}: ${excerpt(reply.text)}`);
  for (const [name, pattern] of Object.entries(expected.headers ?? {})) {
    const value = reply.headers[name.toLowerCase()];
    demand(
      pattern === null ? value === undefined : value !== undefined && new RegExp(pattern).test(value),
      `header ${name} is ${value ?? 'absent'}, expected ${pattern ?? 'none'}`);
  }

  if (expected.error !== undefined) {
    demand(reply.error && new RegExp(expected.error, 'i').test(reply.error), `the error does not say '${expected.error}': ${excerpt(reply.error ?? reply.text)}`);
  }

  if (expected.text !== undefined) {
    demand(new RegExp(expected.text).test(reply.text), `the body does not match '${expected.text}': ${excerpt(reply.text)}`);
  }

  if (expected.json !== undefined) {
    check(expected.json, reply.json, 'body', { root: reply.json, saved, numbersAsText: reply.numbersAsText });
  }

  for (const [name, tensor] of Object.entries(expected.tensors ?? {})) {
    expectTensor(name, tensor, reply);
  }

  if (expected.messages !== undefined) {
    demand(
      expected.messages.length === reply.messages.length,
      `${reply.messages.length} messages, expected ${expected.messages.length}: ${excerpt(reply.messages.map(one => one.text).join(' '))}`);
    expected.messages.forEach((pattern, i) => expect(pattern, reply.messages[i], saved));
  }
}

// Whether the answer is of a kind that this pattern, a status and perhaps an error, describes.
export function is(pattern, reply) {
  try {
    expect(pattern, reply, {});
    return true;
  } catch (error) {
    if (error instanceof Mismatch) {
      return false;
    }

    throw error;
  }
}

function expectTensor(name, expected, reply) {
  const tensor = reply.tensors.find(one => one.name === name);
  demand(tensor, `no data of output ${name} in ${excerpt(reply.json)}`);
  same(name, 'datatype', expected.datatype, tensor.datatype);
  same(name, 'shape', expected.shape && JSON.stringify(expected.shape), JSON.stringify(tensor.shape.map(Number)));
  same(name, 'form', expected.form, tensor.form);
  if (expected.data !== undefined) {
    same(name, 'data', encode(tensor.datatype, expected.data).toString('hex'), tensor.data.toString('hex'));
  }
}

function same(name, what, expected, actual) {
  demand(expected === undefined || expected === actual, `${what} of output ${name} is ${excerpt(actual)}, expected ${excerpt(expected ?? '')}`);
}
