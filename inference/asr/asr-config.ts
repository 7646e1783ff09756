import { z } from 'zod';

const config = z.looseObject({
  /** Name of a model: of the catalogue, or a folder of the models directory. Never a path. */
  model: z.string().min(1).max(200),
  /** Language, or `auto`. */
  lan: z.string().min(2).max(35).default('auto'),
  /** `translate` writes English whatever is spoken, where the model can. */
  task: z.enum(['transcribe', 'translate']).default('transcribe'),
  /** Name of a backend or of a registered loader; the model's own where there is none. */
  backend: z.string().min(1).max(100).optional(),
  /** New audio before the next pass, in s. */
  minChunkSize: z.number().min(0.1).max(30).default(1),
  /** What a long buffer is cut at. */
  bufferTrimming: z.enum(['segment', 'sentence']).default('segment'),
  /** Buffer length above which it is cut, in s. */
  bufferTrimmingSec: z.number().min(2).max(28).default(15),
});

/** What `POST /load_model` takes. Fields that are not listed are kept: a loader may want them. */
export type ASRConfig = z.infer<typeof config>;

const SNAKE_CASE: Readonly<Record<string, string>> = {
  min_chunk_size: 'minChunkSize',
  buffer_trimming: 'bufferTrimming',
  buffer_trimming_sec: 'bufferTrimmingSec',
};

/** The schema of {@link ASRConfig}; names as Python clients write them (`min_chunk_size`) are taken as well. */
export const asrConfig = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [SNAKE_CASE[name] ?? name, field]),
  );
}, config);
