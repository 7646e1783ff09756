import { findBadFiles } from '../../../downloads/cache-state.js';
import { MODELS } from '../../../inference/models/catalogue.js';
import { modelDirectory } from '../../../inference/models/ensure-model.js';
import { modelBytes } from '../../../inference/models/model-entry.js';
import type { Check, DoctorContext, Finding } from '../finding.js';

/** Finds where the speaker paused; loaded beside the models that can be chosen. */
const VOICE_DETECTOR = 'silero-vad';

/** Besides the models: livekit-server, and what a conversion writes before it is renamed. */
const SPARE_BYTES = 150e6;

/** The models that are used here, each file by its checksum, and room for those that are missing. */
export const checkStorage: Check = async (context) => {
  if (!context.config.needsLocalInference) return [];
  const findings: Finding[] = [];
  let missingBytes = 0;
  const { stt, tts, llm } = context.config.inference.models;
  for (const id of new Set([stt, tts, llm, VOICE_DETECTOR])) {
    const model = MODELS.find((entry) => entry.id === id);
    // An unknown id is a problem of the configuration that the endpoint names.
    if (!model) {
      findings.push({
        name: `model ${id}`,
        status: 'fail',
        detail: 'There is no such model in the catalogue.',
        remedy: 'npm run models -- list shows those that exist.',
      });
      continue;
    }
    const directory = modelDirectory(context.config.cacheDir, model.id);
    const bad = (
      await Promise.all(model.parts.map((part) => findBadFiles(part, directory)))
    ).flat();
    const damaged = bad.filter(({ missing }) => !missing);
    const name = `model ${id}`;
    if (damaged.length > 0) {
      const what = damaged.map(({ path, problem }) => `${path}: ${problem}`).join('; ');
      findings.push({
        name,
        status: 'fail',
        detail: `Damaged in ${directory}: ${what}.`,
        remedy: `npm run models -- --verify ${id} && npm run models -- fetch ${id} replaces it.`,
      });
    } else if (bad.length > 0) {
      missingBytes += modelBytes(model);
      findings.push({
        name,
        status: 'warn',
        detail: 'Not fetched yet; npm start does it.',
        remedy: 'npm run models fetches it now.',
      });
    } else
      findings.push({ name, status: 'ok', detail: 'Every file is as in the catalogue (SHA-256).' });
  }
  return [...findings, await checkDisk(context, missingBytes)];
};

const checkDisk = async (
  { config, freeBytes }: DoctorContext,
  missingBytes: number,
): Promise<Finding> => {
  // With everything in place nothing is written any more.
  const needed = missingBytes === 0 ? 0 : missingBytes + SPARE_BYTES;
  const free = await freeBytes(config.cacheDir);
  const detail = `${megabytes(free)} free in ${config.cacheDir}, ${megabytes(needed)} needed.`;
  if (free >= needed) return { name: 'disk', status: 'ok', detail };
  return {
    name: 'disk',
    status: 'fail',
    detail,
    remedy: 'Free some space, or set EARSHOT_CACHE_DIR to a larger disk.',
  };
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
