// What the compiled program needs beside its .js files.
import { cpSync } from 'node:fs';

for (const path of [
  'playground/public',
  'livekit.yaml',
  'cli/doctor/sentence.wav',
  'adapters/fallback/technical-problem.wav',
]) {
  cpSync(path, `dist/${path}`, { recursive: true });
}
