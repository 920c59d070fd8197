// Runs cases against a server, one at a time.
import { expect, is } from './expectation.mjs';
import { callHttp, isHttp } from './http-caller.mjs';
import * as memory from './local-memory.mjs';
import { demand, find, Mismatch } from './match.mjs';
import { offers } from './suite.mjs';

const refusals = ['404', '405', '501', 'UNIMPLEMENTED'];

export class CaseRunner {
  #base;
  #grpc;
  #faces = new Map();
  #extensions;

  constructor(base, grpc) {
    this.#base = base;
    this.#grpc = grpc;
  }

  async run(one) {
    try {
      for (const need of [...one.needs, ...one.steps.some(step => 'rpc' in step) ? ['grpc'] : []]) {
        if (!await this.#isOffered(need)) {
          return { verdict: 'not offered', why: `the server does not offer ${need}` };
        }
      }

      return await this.#runSteps(one);
    } catch (error) {
      return { verdict: 'not ok', why: `no answer: ${error.message}` };
    }
  }

  // An extension that the metadata list, or a face whose call is not refused as unknown.
  async #isOffered(need) {
    if (need === memory.need) {
      return memory.isSharedWith(this.#base);
    }

    if (!(need in offers)) {
      this.#extensions ??= (await callHttp(this.#base, { get: '/v2' })).json?.extensions ?? [];
      return this.#extensions.includes(need);
    }

    if (!this.#faces.has(need)) {
      const answered = need !== 'grpc' || await this.#grpc.isAnswered();
      this.#faces.set(need, answered && !refusals.includes((await this.#call(offers[need])).status));
    }

    return this.#faces.get(need);
  }

  async #runSteps({ steps, cleanup }) {
    const saved = {};
    let number = 0;
    try {
      for (const step of steps) {
        number++;
        const reply = await this.#call(step);
        if (step.not_offered_if && is(step.not_offered_if, reply)) {
          return { verdict: 'not offered', why: reply.error ?? reply.text };
        }

        expect(step.expect, reply, saved);
        for (const [name, path] of Object.entries(step.save ?? {})) {
          const value = find(reply.json, path);
          demand(value !== undefined && value !== null, `${path} is missing`);
          saved[name] = String(value);
        }
      }

      return { verdict: 'ok', why: '' };
    } catch (error) {
      if (!(error instanceof Mismatch)) {
        throw error;
      }

      return { verdict: 'not ok', why: (steps.length > 1 ? `step ${number}: ` : '') + error.message };
    } finally {
      for (const step of cleanup) {
        await this.#call(step);
      }
    }
  }

  #call(step) {
    return isHttp(step) ? callHttp(this.#base, step) : 'memory' in step ? memory.doMemory(step) : this.#grpc.call(step);
  }
}
