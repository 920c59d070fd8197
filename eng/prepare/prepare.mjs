// What ./serve runs before it becomes the server. Prints the folder of the default models if the server is to serve
// them, nothing otherwise; everything that a person should read goes to the error stream.

import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { wantsDefaultModels } from './arguments.mjs';
import { layOutModels, modelsFolder } from './models.mjs';

/** Builds and fetches what is missing. Returns the default repository, or null if another one is named. */
export function prepare(args, environment) {
  build();
  if (!wantsDefaultModels(args, environment)) {
    return null;
  }

  layOutModels(modelsFolder);
  return modelsFolder;
}

/** Runs a step; a failure is one sentence for a person and exit code 1. */
export function orExplain(step) {
  try {
    return step();
  } catch (error) {
    console.error(`serve: ${error.message}`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const repository = orExplain(() => prepare(process.argv.slice(2), process.env));
  if (repository !== null) {
    console.log(repository);
  }
}
