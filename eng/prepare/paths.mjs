import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What is built and fetched; never under version control. */
export const artifacts = path.join(root, 'artifacts');

/** The server, built. */
export const server = path.join(artifacts, 'bin', 'Server', 'release', 'Serving.Server.dll');
