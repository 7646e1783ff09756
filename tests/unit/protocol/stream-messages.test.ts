import { describe, expect, it } from 'vitest';
import { streamClientMessage, streamServerMessage } from '../../../protocol/stream-messages.js';

describe('stream messages', () => {
  it('fills in what a short config leaves out', () => {
    expect(streamClientMessage.parse({ type: 'config', sampleRate: 16000 })).toEqual({
      type: 'config',
      sampleRate: 16000,
      channels: 1,
      encoding: 'pcm_s16le',
      interimResults: true,
    });
  });

  it.each([
    ['an unknown type', { type: 'confg' }],
    ['a rate nobody records at', { type: 'config', sampleRate: 12345 }],
    ['stereo', { type: 'config', sampleRate: 16000, channels: 2 }],
    ['no type', {}],
    ['a number', 7],
  ])('refuses %s', (_name, message) => {
    expect(streamClientMessage.safeParse(message).success).toBe(false);
  });

  it('refuses negative times from a server', () => {
    const message = { type: 'ack', receivedMs: -1, settledMs: 0 };
    expect(streamServerMessage.safeParse(message).success).toBe(false);
  });
});
