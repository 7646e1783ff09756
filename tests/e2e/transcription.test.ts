import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Room, type TextStreamReader } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinRoom, type CallerConnection } from '../../cli/call/join-room.js';
import { readClip, type Clip } from '../../cli/call/read-clip.js';
import {
  PROVIDERS_ATTRIBUTE,
  READY_ATTRIBUTE,
  SPOKEN_FROM_ATTRIBUTE,
  SPOKEN_TO_ATTRIBUTE,
} from '../../protocol/room-attributes.js';
import { speakToFile } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';
import { wordErrorRate } from '../support/word-error-rate.js';

interface Words {
  readonly speaker: string;
  readonly text: string;
  readonly isFinal: boolean;
  readonly from: number;
  readonly to: number;
}

const SENTENCES = {
  first: 'The meeting begins at nine in the morning.',
  second: 'I would like to have a cup of coffee.',
  leaving: 'I have to leave for a moment now.',
  back: 'Now I am back in the room with you.',
};
const roomName = `transcription-${randomUUID()}`;
const words: Words[] = [];
const clips: Partial<Record<keyof typeof SENTENCES, Clip>> = {};

let stack: Stack;
let folder: string;
let observer: Room;
let anna: CallerConnection;
let bert: CallerConnection;

const clip = (name: keyof typeof SENTENCES): Clip => {
  const found = clips[name];
  if (!found) throw new Error(`no clip ${name}`);
  return found;
};
const finalsOf = (speaker: string): Words[] =>
  words.filter((word) => word.isFinal && word.speaker === speaker);
const saidBy = (speaker: string): string =>
  finalsOf(speaker)
    .map(({ text }) => text)
    .join(' ');
const agentAttribute = (name: string): string | undefined =>
  [...observer.remoteParticipants.values()]
    .map(({ attributes }) => attributes[name])
    .find((value) => value !== undefined);
/** Until this much was heard of a speaker, in words. */
const heard = async (speaker: string, count: number): Promise<void> => {
  await expect
    .poll(() => saidBy(speaker).split(/\s+/).length, { timeout: 30_000, interval: 100 })
    .toBeGreaterThanOrEqual(count);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-transcription-'));
  // Keys of the LLM and the TTS are missing on purpose: neither is made in this mode.
  stack = await startStack({
    AGENT_MODE: 'transcription',
    LLM_PROVIDER: 'openai',
    TTS_PROVIDER: 'deepgram',
  });
  for (const name of Object.keys(SENTENCES) as (keyof typeof SENTENCES)[]) {
    const path = join(folder, `${name}.wav`);
    clips[name] = await readClip(await speakToFile(stack.inferenceUrl, SENTENCES[name], path));
  }
  const { apiKey, apiSecret, url } = stack.config.livekit;
  const token = new AccessToken(apiKey, apiSecret, { identity: 'observer' });
  token.addGrant({ roomJoin: true, room: roomName });
  observer = new Room();
  const read = async (reader: TextStreamReader, speaker: string): Promise<void> => {
    const attributes = reader.info.attributes ?? {};
    words.push({
      speaker,
      isFinal: attributes['lk.transcription_final'] === 'true',
      from: Number(attributes[SPOKEN_FROM_ATTRIBUTE]),
      to: Number(attributes[SPOKEN_TO_ATTRIBUTE]),
      text: await reader.readAll(),
    });
  };
  observer.registerTextStreamHandler('lk.transcription', (reader, { identity }) => {
    void read(reader, identity);
  });
  await observer.connect(url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
  anna = await joinRoom(stack.config, { roomName, identity: 'anna' });
  bert = await joinRoom(stack.config, { roomName, identity: 'bert' });
  await vi.waitFor(
    () => {
      expect(agentAttribute(READY_ATTRIBUTE)).toBe('true');
    },
    { timeout: 60_000, interval: 100 },
  );
}, 400_000);

afterAll(async () => {
  await anna.close();
  await bert.close();
  await observer.disconnect();
  await stack.stop();
  await rm(folder, { recursive: true });
});

describe('two speakers and an agent that only writes down', () => {
  it('attributes the words of two who speak at once, with the time at which they were spoken', async () => {
    const startedAt = Date.now();
    await Promise.all([anna.speaker.say(clip('first')), bert.speaker.say(clip('second'))]);
    const endedAt = Date.now();
    await heard('anna', 7);
    await heard('bert', 8);
    expect(wordErrorRate(SENTENCES.first, saidBy('anna'))).toBeLessThanOrEqual(0.2);
    expect(wordErrorRate(SENTENCES.second, saidBy('bert'))).toBeLessThanOrEqual(0.2);
    for (const { from, to } of [...finalsOf('anna'), ...finalsOf('bert')]) {
      expect(from).toBeGreaterThan(startedAt - 1500);
      expect(to).toBeLessThan(endedAt + 1500);
      expect(to).toBeGreaterThan(from);
    }
    expect(words.some((word) => !word.isFinal)).toBe(true);
  });

  it('hears the last words of one who hangs up, and the first of one who comes back', async () => {
    words.length = 0;
    await anna.speaker.say(clip('leaving'));
    // What was captured last is still in the source's queue and on the wire.
    await sleep(300);
    await anna.close();
    await heard('anna', 7);
    expect(wordErrorRate(SENTENCES.leaving, saidBy('anna'))).toBeLessThanOrEqual(0.2);
    words.length = 0;
    anna = await joinRoom(stack.config, { roomName, identity: 'anna' });
    await sleep(1000);
    await Promise.all([anna.speaker.say(clip('back')), bert.speaker.say(clip('second'))]);
    await heard('anna', 8);
    await heard('bert', 8);
    expect(wordErrorRate(SENTENCES.back, saidBy('anna'))).toBeLessThanOrEqual(0.2);
    expect(wordErrorRate(SENTENCES.second, saidBy('bert'))).toBeLessThanOrEqual(0.2);
  });

  it('has neither a language model nor a voice', () => {
    expect(JSON.parse(agentAttribute(PROVIDERS_ATTRIBUTE) ?? '')).toEqual({
      mode: 'transcription',
      stt: 'jetson',
    });
    const published = [...observer.remoteParticipants.values()]
      .filter(({ identity }) => identity !== 'anna' && identity !== 'bert')
      .flatMap(({ trackPublications }) => [...trackPublications.values()]);
    expect(published).toEqual([]);
  });
});
