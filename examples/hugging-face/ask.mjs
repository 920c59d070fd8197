// Asks several models with @huggingface/inference: node ask.mjs [URL]

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceClient } from '@huggingface/inference';

const server = process.argv[2] ?? 'http://localhost:8000';
const recording = path.join(import.meta.dirname, '..', 'speech-activity', 'speech.wav');
const hub = new InferenceClient();
const model = name => hub.endpoint(`${server}/models/${name}`);

const moods = await model('mood').textClassification({ inputs: 'What a day!' });
console.log('mood:', moods[0].label, moods[0].score.toFixed(3));

const near = await model('vectors').sentenceSimilarity({ inputs: { source_sentence: 'a cat', sentences: ['a dog', 'a car'] } });
console.log('nearest:', ['a dog', 'a car'][near.indexOf(Math.max(...near))]);

const sound = new Blob([await readFile(recording)], { type: 'audio/wav' });
const sounds = await model('sounds').audioClassification({ data: sound });
console.log('sound:', sounds[0].label, sounds[0].score.toFixed(3));

const said = await model('speech').automaticSpeechRecognition({ data: sound });
console.log('said:', said.text);
