// What the compiled program needs beside its .js files.
import { cpSync } from 'node:fs';

for (const path of ['playground/public', 'livekit.yaml']) {
  cpSync(path, `dist/${path}`, { recursive: true });
}
