// Calls a server with the clients of OpenAI and Hugging Face, unchanged, and prints what they make of its answers.
// Usage: node check.mjs http://127.0.0.1:8000 [recording.wav [picture.png]]
import { readFile } from 'node:fs/promises';
import OpenAI, { toFile } from 'openai';
import { InferenceClient } from '@huggingface/inference';

const [base, recording, picture] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
const hub = new InferenceClient(undefined, { endpointUrl: undefined });
const at = model => hub.endpoint(`${base}/models/${model}`);

const checks = {
  'openai models': async () => (await openai.models.list()).data.map(model => model.id).includes('vectors'),
  // The client asks for base64 by itself and makes numbers of it.
  'openai embeddings': async () => {
    const answer = await openai.embeddings.create({ model: 'vectors', input: ['one', 'two'] });
    return { count: answer.data.length, size: answer.data[0].embedding.length, tokens: answer.usage.total_tokens, model: answer.model };
  },
  'openai embeddings as floats': async () => {
    const answer = await openai.embeddings.create({ model: 'vectors', input: 'one', dimensions: 2, encoding_format: 'float' });
    return answer.data[0].embedding.map(x => Math.round(x * 1000) / 1000);
  },
  'openai unknown model': async () => {
    try {
      await openai.embeddings.create({ model: 'nobody', input: 'one' });
    } catch (error) {
      return { status: error.status, code: error.code, type: error.constructor.name };
    }
  },
  'featureExtraction': async () => (await at('vectors').featureExtraction({ inputs: 'one' })).length,
  'sentenceSimilarity': async () => (await at('vectors').sentenceSimilarity({ inputs: { source_sentence: 'one', sentences: ['one', 'two'] } })).map(x => Math.round(x * 1000) / 1000),
  'textClassification': async () => (await at('mood').textClassification({ inputs: 'good' })).map(x => x.label),
  'zeroShotClassification': async () => (await at('nli').zeroShotClassification({ inputs: 'ball', parameters: { candidate_labels: ['art', 'sport'] } })).map(x => x.label),
  'tokenClassification': async () => (await at('names').tokenClassification({ inputs: 'Ada met Bob' })).map(x => [x.entity_group, x.word, x.start, x.end]),
  'questionAnswering': async () => {
    const answer = await at('spans').questionAnswering({ inputs: { question: 'where', context: 'in New York City now' } });
    return [answer.answer, answer.start, answer.end];
  },
  'tabularClassification': async () => await at('people').tabularClassification({ inputs: { data: { height: ['1', '5'], weight: ['2', '-1'] } } }),
  'tabularRegression': async () => await at('prices').tabularRegression({ inputs: { data: { rooms: ['3'], floor: ['0'], garden: ['true'], town: ['Rome'] } } }),
  'fillMask': async () => (await at('mask').fillMask({ inputs: '[MASK] car', parameters: { top_k: 2 } })).map(x => x.token_str),
};
if (recording) {
  const bytes = await readFile(recording);
  const wav = new Blob([bytes], { type: 'audio/wav' });
  const transcribe = async options => openai.audio.transcriptions.create({ model: 'speech', file: await toFile(bytes, 'speech.wav'), ...options });
  checks.audioClassification = async () => (await at('sounds').audioClassification({ data: wav })).map(x => x.label);
  checks.automaticSpeechRecognition = async () => (await at('speech').automaticSpeechRecognition({ inputs: wav })).text;
  checks['openai transcription'] = async () => (await transcribe({ language: 'en' })).text;
  checks['openai transcription as subtitles'] = async () => await transcribe({ response_format: 'srt' });
  checks['openai transcription with words'] = async () =>
    (await transcribe({ response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] })).words.map(x => [x.word, x.start, x.end]);
}
if (picture) {
  const file = new Blob([await readFile(picture)], { type: 'image/png' });
  checks.imageClassification = async () => (await at('picture').imageClassification({ data: file })).map(x => x.label);
  checks.imageSegmentation = async () => (await at('segments').imageSegmentation({ inputs: file })).every(x => x.mask.startsWith('iVBOR'));
}

const results = {};
for (const [name, check] of Object.entries(checks)) {
  try {
    results[name] = await check();
  } catch (error) {
    results[name] = `failed: ${error.message}`;
  }
}

console.log(JSON.stringify(results));
