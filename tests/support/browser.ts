import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** True where browser tests have to be skipped; says so once. */
export const noChromium = !existsSync(CHROMIUM);
if (noChromium) {
  console.warn(`Browser tests are skipped: no Chromium at ${CHROMIUM} (apt-get install chromium)`);
}

/** Nothing that would ask a host of the internet, and no sandbox, which root in a container cannot have. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The person allows the microphone. */
export const GRANT = '--use-fake-ui-for-media-stream';
/** The person refuses the microphone. */
export const DENY = '--use-fake-ui-for-media-stream=deny';
/** A microphone that beeps. */
export const MICROPHONE = '--use-fake-device-for-media-stream';
/** A microphone that says a WAV file, again and again. */
export const microphoneSaying = (wavPath: string): string[] => [
  MICROPHONE,
  `--use-file-for-fake-audio-capture=${wavPath}`,
];

/** A headless Chromium; the caller closes it. */
export const launchBrowser = (...flags: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] });
