import { CustomHTTPSTTAdapter } from '../adapters/stt/custom-http-stt-adapter.js';
import { CustomWebSocketSTTAdapter } from '../adapters/stt/custom-websocket-stt-adapter.js';
import { assemblyaiProtocol } from '../adapters/stt/protocols/assemblyai-protocol.js';
import { deepgramProtocol } from '../adapters/stt/protocols/deepgram-protocol.js';
import { createGoogleHttpProtocol } from '../adapters/stt/protocols/google-http-protocol.js';
import { ensureFrameworkLogger } from './ensure-framework-logger.js';

export interface STTPresetOptions {
  readonly apiKey: string;
  /** BCP 47 tag such as `en-US`. Default: the vendor's. */
  readonly language?: string;
  /** Default: the vendor's current model for conversations. */
  readonly model?: string;
  /** Another server that speaks the same protocol. Default: the vendor's. */
  readonly url?: string;
}

/** Deepgram's live transcription on our adapter, which replays audio after a broken connection. */
export const createDeepgramSTT = ({
  url,
  ...options
}: STTPresetOptions): CustomWebSocketSTTAdapter => {
  ensureFrameworkLogger();
  const wsUrl = url ?? deepgramProtocol.defaultUrl;
  return new CustomWebSocketSTTAdapter({ ...options, wsUrl, protocol: deepgramProtocol });
};

/** AssemblyAI's streaming transcription on our adapter. */
export const createAssemblyAISTT = ({
  url,
  ...options
}: STTPresetOptions): CustomWebSocketSTTAdapter => {
  ensureFrameworkLogger();
  const wsUrl = url ?? assemblyaiProtocol.defaultUrl;
  return new CustomWebSocketSTTAdapter({ ...options, wsUrl, protocol: assemblyaiProtocol });
};

/**
 * Google Cloud's recognition on our adapter, one request an utterance.
 *
 * @param options - `projectId` is billed where the key is an OAuth access token
 */
export const createGoogleCloudSTT = ({
  url,
  projectId,
  ...options
}: STTPresetOptions & { readonly projectId?: string }): CustomHTTPSTTAdapter => {
  ensureFrameworkLogger();
  const protocol = createGoogleHttpProtocol({ projectId });
  return new CustomHTTPSTTAdapter({
    ...options,
    endpointUrl: url ?? protocol.defaultUrl,
    protocol,
  });
};
