import { writeFile } from 'node:fs/promises';

/** Has the endpoint speak a sentence into a WAV file: the tests make their own clips. */
export const speakToFile = async (
  inferenceUrl: string,
  input: string,
  path: string,
): Promise<string> => {
  const response = await fetch(`${inferenceUrl}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input, voice: 'joe', response_format: 'wav' }),
  });
  if (!response.ok) throw new Error(`speech: ${response.status} ${await response.text()}`);
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  return path;
};

/** What the endpoint understands of a WAV. */
export const transcribe = async (inferenceUrl: string, wav: Uint8Array): Promise<string> => {
  const form = new FormData();
  form.set('file', new Blob([wav], { type: 'audio/wav' }), 'audio.wav');
  form.set('model', 'whisper-tiny.en');
  const response = await fetch(`${inferenceUrl}/v1/audio/transcriptions`, {
    method: 'POST',
    body: form,
  });
  if (!response.ok) throw new Error(`transcription: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { text: string }).text;
};
