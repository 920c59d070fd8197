import { spawnSync } from 'node:child_process';

/** Runs a program with its output on our error stream; throws a sentence if it fails. */
export function run(program, args, folder, failure) {
  // npm is a batch file on Windows, which only a shell starts.
  const shell = process.platform === 'win32';
  const result = spawnSync(program, args, { cwd: folder, stdio: ['ignore', 2, 2], shell });
  if (result.error || result.status !== 0) {
    throw new Error(`${failure} ('${program} ${args.join(' ')}' ${result.error?.message ?? `ended with ${result.status ?? result.signal}`})`);
  }
}
