import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../adapters/audio/wav.js';
import { CLIP_SAMPLE_RATE, readClip } from '../../cli/call/read-clip.js';
import { GRANT, launchBrowser, microphoneSaying, noChromium } from '../support/browser.js';
import { speakToFile } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';

const QUESTION = 'What is the capital of France?';
/** Before the question: the agent comes and greets. After it: the agent answers. */
const SILENCE_BEFORE_S = 10;
const SILENCE_AFTER_S = 20;
/** Test artefacts: pictures of what a person saw. */
const ARTEFACTS = '.cache/screenshots';

let stack: Stack | undefined;
let folder = '';
let browser: Browser | undefined;

/** The question with silence around it, as the browser's microphone plays it. */
const microphoneFile = async (inferenceUrl: string): Promise<string> => {
  const clip = await readClip(
    await speakToFile(inferenceUrl, QUESTION, join(folder, 'question.wav')),
  );
  const before = SILENCE_BEFORE_S * CLIP_SAMPLE_RATE;
  const samples = new Int16Array(before + clip.samples.length + SILENCE_AFTER_S * CLIP_SAMPLE_RATE);
  samples.set(clip.samples, before);
  const path = join(folder, 'microphone.wav');
  await writeFile(path, encodeWav(samples, CLIP_SAMPLE_RATE));
  return path;
};

describe.skipIf(noChromium)('a conversation on the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'));
    stack = await startStack({ AGENT_GREETING: 'Hello.' });
  }, 400_000);
  afterEach(async () => {
    await browser?.close();
  });
  afterAll(async () => {
    await stack?.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['desk', 1280, 800],
    ['phone', 360, 640],
  ])(
    'shows what both sides said, and the agent is heard: %s',
    async (name, width, height) => {
      if (!stack) throw new Error('no stack');
      const microphone = await microphoneFile(stack.inferenceUrl);
      browser = await launchBrowser(GRANT, ...microphoneSaying(microphone));
      const page = await browser.newPage({
        viewport: { width, height },
        deviceScaleFactor: 2,
      });
      const mistakes: string[] = [];
      page.on('pageerror', (error) => mistakes.push(error.message));
      await page.goto(stack.playgroundUrl);
      await page.getByRole('button', { name: 'Start call' }).click();

      const transcript = page.locator('#transcript');
      await transcript.getByText(/capital of France/i).waitFor({ timeout: 60_000 });
      // The microphone is silent now, so the level is the agent's voice.
      await page
        .locator('body[data-agent="speaking"] #orb')
        .waitFor({ state: 'attached', timeout: 30_000 });
      const level = async (): Promise<number> =>
        Number(
          await page.evaluate("document.querySelector('#orb').style.getPropertyValue('--level')"),
        );
      await expect.poll(level, { timeout: 15_000, interval: 50 }).toBeGreaterThan(0.05);
      await transcript.getByText(/Paris/i).waitFor({ timeout: 30_000 });
      await page.locator('#turns li').first().waitFor({ state: 'attached', timeout: 30_000 });
      expect(await page.locator('#who').textContent()).toContain('jetson, voice joe');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );

      await mkdir(ARTEFACTS, { recursive: true });
      const picture = join(ARTEFACTS, `conversation-${name}.png`);
      await page.screenshot({ path: picture });
      expect((await readFile(picture)).length).toBeGreaterThan(10_000);
      await page.getByRole('button', { name: 'End call' }).click();
      await page.getByText('Not in a call').waitFor();
      expect(mistakes).toEqual([]);
    },
    180_000,
  );
});
