import type { AudioFormat } from './audio-encoder.js';

/** In bit/s: wideband speech without audible loss. */
const BITRATE = 32_000;
/** 20 ms, Opus' usual frame. */
const FRAMES_PER_S = 50;
/** Longest wait for a page of the file, in s: what a listener waits for besides the voice. */
const MAX_PAGE_S = 0.2;
/** Opus counts in samples of 48 kHz whatever its input is (RFC 7845). */
const GRANULE_RATE = 48_000;
const BYTES_PER_SAMPLE = 2;

/** Opus in an Ogg file: libopus as WebAssembly, pages by mediabunny; both are loaded on first use. */
export const opusFormat: AudioFormat = {
  mediaType: 'audio/ogg; codecs=opus',
  sampleRates: [8000, 12_000, 16_000, 24_000, 48_000],
  create: async (sampleRate) => {
    const { Application, createEncoder } = await import('libopus-wasm');
    const { EncodedAudioPacketSource, EncodedPacket, OggOutputFormat, Output, StreamTarget } =
      await import('mediabunny');
    const frameBytes = (sampleRate / FRAMES_PER_S) * BYTES_PER_SAMPLE;
    const encoder = await createEncoder({
      sampleRate: sampleRate as 48_000, // one of sampleRates, which the caller has checked
      channels: 1,
      application: Application.Voip,
      frameSize: sampleRate / FRAMES_PER_S,
      bitrate: BITRATE,
    });
    const lookahead = encoder.getLookahead();
    const decoderConfig = {
      codec: 'opus',
      sampleRate: GRANULE_RATE,
      numberOfChannels: 1,
      description: opusHead(sampleRate, (lookahead * GRANULE_RATE) / sampleRate),
    };
    let written: Uint8Array[] = [];
    const file = new Output({
      format: new OggOutputFormat({ maximumPageDuration: MAX_PAGE_S }),
      target: new StreamTarget(
        new WritableStream({
          write: ({ data }) => {
            written.push(data);
          },
        }),
      ),
    });
    const track = new EncodedAudioPacketSource('opus');
    file.addAudioTrack(track);
    await file.start();

    let rest: Uint8Array = new Uint8Array(0);
    let frames = 0;
    const add = async (frame: Uint8Array): Promise<void> => {
      const packet = encoder.encode(frame);
      const at = frames / FRAMES_PER_S;
      frames += 1;
      await track.add(new EncodedPacket(packet, 'key', at, 1 / FRAMES_PER_S), { decoderConfig });
    };
    const take = (): Uint8Array => {
      const taken = Buffer.concat(written);
      written = [];
      return taken;
    };
    return {
      encode: async (pcm) => {
        const all = Buffer.concat([rest, pcm]);
        let at = 0;
        for (; at + frameBytes <= all.length; at += frameBytes) {
          await add(Uint8Array.from(all.subarray(at, at + frameBytes)));
        }
        rest = Uint8Array.from(all.subarray(at));
        return take();
      },
      finish: async () => {
        // Silence up to a whole frame, and as much as the decoder skips at the beginning.
        const missing = Math.ceil((rest.length + lookahead * BYTES_PER_SAMPLE) / frameBytes);
        const tail = new Uint8Array(missing * frameBytes);
        tail.set(rest);
        for (let at = 0; at < tail.length; at += frameBytes) {
          await add(tail.slice(at, at + frameBytes));
        }
        await file.finalize();
        return take();
      },
      close: () => {
        encoder.free();
        // Without finish the file is thrown away; one that is finished cannot be cancelled any more.
        if (file.state === 'started') file.cancel().catch(() => undefined);
      },
    };
  },
};

/** The identification header of RFC 7845, section 5.1. @param preSkip - in samples of 48 kHz */
function opusHead(sampleRate: number, preSkip: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8); // version
  head.writeUInt8(1, 9); // channels
  head.writeUInt16LE(Math.round(preSkip), 10);
  head.writeUInt32LE(sampleRate, 12);
  return new Uint8Array(head);
}
