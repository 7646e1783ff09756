import type { CTranslate2Variable } from './ctranslate2-reader.js';

/** A weight under its PyTorch name, cut from one of CTranslate2's. */
export interface WhisperTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Buffer;
}

/** Where a PyTorch tensor lies: a CTranslate2 variable, or the given share of its rows when several are fused in one. */
interface Origin {
  readonly name: string;
  readonly from: string;
  readonly share?: readonly [index: number, of: number];
}

/**
 * Cuts a Whisper model's weights out of CTranslate2's variables, under the names and in the order of OpenAI's checkpoint (so
 * that the converted tiny.en is byte for byte the file that whisper.cpp publishes).
 *
 * CTranslate2 fuses query, key and value of self-attention (and key and value of cross-attention) in one matrix each. Whisper's keys
 * have no bias: the fused bias holds zeros there, which are left out.
 *
 * @param variables - the variables of a CTranslate2 `WhisperSpec`
 * @param layers - the number of encoder and decoder layers
 * @throws Error when a variable is missing, is not fp16, or its rows can't be divided as expected
 */
export function whisperTensors(
  variables: ReadonlyMap<string, CTranslate2Variable>,
  layers: { encoder: number; decoder: number },
): WhisperTensor[] {
  const origins: Origin[] = [
    { name: 'decoder.positional_embedding', from: 'decoder/position_encodings/encodings' },
    { name: 'encoder.positional_embedding', from: 'encoder/position_encodings/encodings' },
    { name: 'decoder.token_embedding.weight', from: 'decoder/embeddings/weight' },
    ...blocks(layers.decoder, 'decoder', (to, from) => [
      ...feedForward(to, from),
      ...selfAttention(to, from),
      ...crossAttention(to, from),
    ]),
    ...norm('decoder.ln', 'decoder/layer_norm'),
    ...weightAndBias('encoder.conv1', 'encoder/conv1'),
    ...weightAndBias('encoder.conv2', 'encoder/conv2'),
    ...blocks(layers.encoder, 'encoder', (to, from) => [
      ...feedForward(to, from),
      ...selfAttention(to, from),
    ]),
    ...norm('encoder.ln_post', 'encoder/layer_norm'),
  ];
  return origins.map((origin) => cut(variables, origin));
}

function blocks(
  count: number,
  side: 'encoder' | 'decoder',
  parts: (to: string, from: string) => Origin[],
): Origin[] {
  return Array.from({ length: count }, (_, layer) =>
    parts(`${side}.blocks.${layer}`, `${side}/layer_${layer}`),
  ).flat();
}

function selfAttention(to: string, from: string): Origin[] {
  const fused = `${from}/self_attention/linear_0`;
  return [
    ...norm(`${to}.attn_ln`, `${from}/self_attention/layer_norm`),
    { name: `${to}.attn.query.weight`, from: `${fused}/weight`, share: [0, 3] },
    { name: `${to}.attn.query.bias`, from: `${fused}/bias`, share: [0, 3] },
    { name: `${to}.attn.key.weight`, from: `${fused}/weight`, share: [1, 3] },
    { name: `${to}.attn.value.weight`, from: `${fused}/weight`, share: [2, 3] },
    { name: `${to}.attn.value.bias`, from: `${fused}/bias`, share: [2, 3] },
    ...weightAndBias(`${to}.attn.out`, `${from}/self_attention/linear_1`),
  ];
}

function crossAttention(to: string, from: string): Origin[] {
  const fused = `${from}/attention/linear_1`;
  return [
    ...norm(`${to}.cross_attn_ln`, `${from}/attention/layer_norm`),
    ...weightAndBias(`${to}.cross_attn.query`, `${from}/attention/linear_0`),
    { name: `${to}.cross_attn.key.weight`, from: `${fused}/weight`, share: [0, 2] },
    { name: `${to}.cross_attn.value.weight`, from: `${fused}/weight`, share: [1, 2] },
    { name: `${to}.cross_attn.value.bias`, from: `${fused}/bias`, share: [1, 2] },
    ...weightAndBias(`${to}.cross_attn.out`, `${from}/attention/linear_2`),
  ];
}

function feedForward(to: string, from: string): Origin[] {
  return [
    ...norm(`${to}.mlp_ln`, `${from}/ffn/layer_norm`),
    ...weightAndBias(`${to}.mlp.0`, `${from}/ffn/linear_0`),
    ...weightAndBias(`${to}.mlp.2`, `${from}/ffn/linear_1`),
  ];
}

function weightAndBias(to: string, from: string): Origin[] {
  return [
    { name: `${to}.weight`, from: `${from}/weight` },
    { name: `${to}.bias`, from: `${from}/bias` },
  ];
}

function norm(to: string, from: string): Origin[] {
  return [
    { name: `${to}.weight`, from: `${from}/gamma` },
    { name: `${to}.bias`, from: `${from}/beta` },
  ];
}

function cut(variables: ReadonlyMap<string, CTranslate2Variable>, origin: Origin): WhisperTensor {
  const variable = variables.get(origin.from);
  if (variable === undefined) {
    throw new Error(
      `The CTranslate2 model has no ${origin.from}, which ${origin.name} comes from.`,
    );
  }
  if (variable.type !== 'float16') {
    throw new Error(
      `The CTranslate2 model's ${origin.from} is ${variable.type}; only float16 models can be converted.`,
    );
  }
  const [rows = 0, ...rest] = variable.dims;
  const [index, of] = origin.share ?? [0, 1];
  if (rows === 0 || rows % of !== 0) {
    throw new Error(
      `The CTranslate2 model's ${origin.from} has ${rows} rows, which can't be divided in ${of}.`,
    );
  }
  const bytes = variable.data.length / of;
  return {
    name: origin.name,
    dims: [rows / of, ...rest],
    data: variable.data.subarray(index * bytes, (index + 1) * bytes),
  };
}
