// What serve.cmd runs: prepares, then runs the server and ends with its exit code.

import { spawn } from 'node:child_process';
import { server } from './paths.mjs';
import { orExplain, prepare } from './prepare.mjs';

const args = process.argv.slice(2);
const repository = orExplain(() => prepare(args, process.env));
const all = repository === null ? args : ['--repository', repository, ...args];
const child = spawn('dotnet', [server, ...all], { stdio: 'inherit' });

// The console sends Ctrl+C to both; the server decides when it has finished.
process.on('SIGINT', () => {});
child.on('exit', code => process.exit(code ?? 1));
