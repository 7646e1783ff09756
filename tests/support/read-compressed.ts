import { BufferSource, Input, MP3, OGG } from 'mediabunny';

/** What a compressed audio file is, as another program than the one that wrote it reads it. */
export const readCompressed = async (
  file: Uint8Array<ArrayBuffer>,
): Promise<{ codec: string; durationS: number }> => {
  const input = new Input({ formats: [MP3, OGG], source: new BufferSource(file) });
  try {
    const track = await input.getPrimaryAudioTrack();
    return { codec: (await track?.getCodec()) ?? 'none', durationS: await input.computeDuration() };
  } finally {
    input.dispose();
  }
};
