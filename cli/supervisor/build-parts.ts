import type { Part, TaskPart } from './part.js';
import { inferencePart } from './parts/inference-part.js';
import { livekitPart, type FindLivekitServer } from './parts/livekit-part.js';
import { playgroundPart } from './parts/playground-part.js';
import { workerPart } from './parts/worker-part.js';
import type { StartOptions } from './start-options.js';

/** Everything that `npm start` starts, in the order in which it is shown. */
export function buildParts(
  options: StartOptions,
  bring: { readonly models: TaskPart['run']; readonly livekitServer: FindLivekitServer },
): readonly Part[] {
  const models: TaskPart = { kind: 'task', name: 'models', needs: [], run: bring.models };
  return [
    ...(options.needsLocalInference ? [models] : []),
    livekitPart(options, bring.livekitServer),
    ...(options.needsLocalInference ? [inferencePart(options)] : []),
    workerPart(options),
    playgroundPart(options),
  ];
}
