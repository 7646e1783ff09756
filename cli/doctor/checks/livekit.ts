import { request } from 'undici';
import { AccessToken } from 'livekit-server-sdk';
import { findLivekitServer } from '../../../livekit/ensure-livekit-server.js';
import { describeConnectionFailure } from '../connection-failure.js';
import type { Check, DoctorContext, Finding } from '../finding.js';

const ANSWER_WITHIN_MS = 5000;
/** Tokens have their beginning and end in seconds, and servers forgive a little. */
const MOST_SKEW_MS = 30_000;
const TOKEN_LIFE_S = 600;
const BOTH = 'LIVEKIT_API_KEY and LIVEKIT_API_SECRET';

/** Whether livekit-server answers, its clock agrees with ours, and it takes the key and the secret. */
export const checkLiveKit: Check = async (context) => {
  const { livekit } = context.config;
  const address = livekit.url.replace(/^ws/, 'http');
  const name = 'livekit-server';
  const startedAt = performance.now();
  try {
    const { headers, body } = await ask(address, context);
    await body.dump();
    const latencyMs = Math.round(performance.now() - startedAt);
    const reached: Finding = { name, status: 'ok', detail: `${livekit.url} answers.`, latencyMs };
    return [
      reached,
      clockFinding(String(headers.date ?? ''), context),
      await checkKey(address, context),
    ];
  } catch (error) {
    if (livekit.isLocal) return [await localServer(context)];
    const { detail, remedy } = describeConnectionFailure(error, livekit.url, 'LIVEKIT_URL');
    return [{ name, status: 'fail', detail, remedy }];
  }
};

const ask = (url: string, { signal }: DoctorContext, options: Parameters<typeof request>[1] = {}) =>
  request(url, {
    ...options,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });

const localServer = async ({ config }: DoctorContext): Promise<Finding> => {
  const name = 'livekit-server';
  const found = await findLivekitServer({ cacheDir: config.cacheDir });
  if (found)
    return { name, status: 'ok', detail: `Version ${found.version} is here; npm start runs it.` };
  return {
    name,
    status: 'warn',
    detail: 'Not fetched yet; npm start does it.',
    remedy: 'npm run models -- fetch livekit-server fetches it now.',
  };
};

const clockFinding = (date: string, { now }: DoctorContext): Finding => {
  const theirs = Date.parse(date);
  if (Number.isNaN(theirs))
    return { name: 'clock', status: 'skip', detail: 'livekit-server does not say its time.' };
  const skewMs = now() - theirs;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= MOST_SKEW_MS)
    return {
      name: 'clock',
      status: 'ok',
      detail: `Within ${Math.max(1, seconds)} s of livekit-server's.`,
    };
  return {
    name: 'clock',
    status: 'fail',
    detail: `This machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} livekit-server's: tokens are refused as not yet or no longer valid.`,
    remedy: 'Switch on time synchronisation (timedatectl set-ntp true) on both machines.',
  };
};

const checkKey = async (address: string, context: DoctorContext): Promise<Finding> => {
  const { apiKey, apiSecret } = context.config.livekit;
  const name = 'livekit key';
  const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_LIFE_S });
  token.addGrant({ roomList: true });
  const { statusCode, body } = await ask(
    `${address.replace(/\/$/, '')}/twirp/livekit.RoomService/ListRooms`,
    context,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token.toJwt()}`,
        'content-type': 'application/json',
      },
      body: '{}',
    },
  );
  const answer = await body.text();
  if (statusCode === 200) return { name, status: 'ok', detail: 'Key and secret are taken.' };
  if (/invalid api key|no such key|unknown/i.test(answer)) {
    return {
      name,
      status: 'fail',
      detail: 'livekit-server does not know the key in LIVEKIT_API_KEY.',
      remedy: 'Set LIVEKIT_API_KEY to a key of that server (its keys: section).',
    };
  }
  if (/signature|cryptographic|verif/i.test(answer)) {
    return {
      name,
      status: 'fail',
      detail: 'livekit-server knows the key, and LIVEKIT_API_SECRET is not its secret.',
      remedy: 'Set LIVEKIT_API_SECRET to the secret of that key.',
    };
  }
  return {
    name,
    status: 'fail',
    detail: `livekit-server refuses key and secret (${statusCode}).`,
    remedy: `Check ${BOTH}.`,
  };
};
