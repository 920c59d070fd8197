// Builds the server, unless nothing has changed since the last build: MSBuild needs seconds to find that out.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { artifacts, root, server } from './paths.mjs';
import { run } from './run.mjs';

const here = path.join(root, 'eng', 'prepare');
const stamp = path.join(artifacts, 'serve.stamp');

export function build() {
  // Environment variables are MSBuild properties, so these choose what is built.
  const choice = `${process.env.OnnxRuntimeFlavor ?? ''}/${process.env.OnnxRuntimeSource ?? ''}/${process.env.VipsSource ?? ''}\n`;
  if (isUpToDate(choice)) {
    return;
  }

  requireSdk();
  const begun = new Date();
  console.error(fs.existsSync(path.join(root, 'eng', 'onnxruntime', 'node_modules', '.package-lock.json'))
    ? 'Building the server ...'
    : 'Building the server. The first time this fetches ONNX Runtime (260 MB) and libvips (20 MB); it takes a minute or two ...');
  run('dotnet', ['msbuild', 'src/Server', '-restore', '-p:Configuration=Release', '-nologo', '-v:minimal'], root, 'The server could not be built.');

  // The stamp is as old as the beginning of the build, so that what was edited meanwhile is built the next time.
  fs.mkdirSync(artifacts, { recursive: true });
  fs.writeFileSync(stamp, choice);
  fs.utimesSync(stamp, begun, begun);
}

function isUpToDate(choice) {
  if (!fs.existsSync(server) || !fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== choice) {
    return false;
  }

  const built = fs.statSync(stamp).mtimeMs;
  const shared = fs.readdirSync(root).filter(name => name.startsWith('Directory.') || name === 'global.json');
  return [...shared, 'eng', 'src'].every(name => !isNewer(path.join(root, name), built));
}

/** Whether a file changed, or one came, went or was renamed under src, after a moment. */
function isNewer(place, moment) {
  const status = fs.statSync(place);
  if (!status.isDirectory()) {
    return status.mtimeMs > moment;
  }

  // npm changes the folders under eng when it fetches, during a build; only src tells of deleted files.
  const inSources = path.relative(root, place).split(path.sep)[0] === 'src';
  return (inSources && status.mtimeMs > moment)
    || fs.readdirSync(place).map(name => path.join(place, name)).some(child => !notBuilt(child) && isNewer(child, moment));
}

/** What lies under eng without being part of the server. */
function notBuilt(place) {
  return path.basename(place) === 'node_modules' || [here, path.join(root, 'eng', 'models')].includes(place);
}

function requireSdk() {
  const sdks = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' }).stdout ?? '';
  if (!/^(1[0-9]|[2-9][0-9])\./m.test(sdks)) {
    throw new Error(`The .NET SDK 10 is needed to build the server. 'dotnet --list-sdks' lists: ${sdks.trim() || 'none'}.`);
  }
}
