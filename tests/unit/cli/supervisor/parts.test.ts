import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY, DEVELOPMENT_SECRET } from '../../../../config/env-schema.js';
import { loadConfig } from '../../../../config/load-config.js';
import { buildParts } from '../../../../cli/supervisor/build-parts.js';
import { settlePorts } from '../../../../cli/supervisor/settle-ports.js';
import type { StartOptions } from '../../../../cli/supervisor/start-options.js';

const options: StartOptions = {
  livekit: {
    url: 'ws://127.0.0.1:7880',
    apiKey: 'key',
    apiSecret: 'a secret: with "YAML" in it',
    isLocal: true,
    port: 7880,
    tcpPort: 7881,
    udpPort: 7882,
  },
  inference: { host: '127.0.0.1', port: 8800 },
  needsLocalInference: true,
  worker: { port: 8081 },
  playground: { host: '0.0.0.0', port: 3000 },
  agent: { name: undefined },
  logLevel: 'info',
};
const bring = {
  models: () => Promise.resolve(undefined),
  livekitServer: () => Promise.resolve('/bin/livekit-server'),
};
const context = { report: () => undefined, signal: new AbortController().signal };
const remote = (url: string): StartOptions => ({
  ...options,
  livekit: { ...options.livekit, url, isLocal: false },
});

describe('what npm start starts', () => {
  it('is all of it by default', () => {
    const names = buildParts(options, bring).map((part) => part.name);
    expect(names).toEqual(['models', 'livekit-server', 'inference', 'worker', 'playground']);
  });

  it('is neither models nor endpoint when no provider needs them', () => {
    const names = buildParts({ ...options, needsLocalInference: false }, bring).map(
      (part) => part.name,
    );
    expect(names).toEqual(['livekit-server', 'worker', 'playground']);
  });

  it('names a variable for every port', () => {
    const remedies = buildParts(options, bring).flatMap((part) =>
      part.kind === 'process' ? part.ports.map((claim) => `${claim.port} ${claim.remedy}`) : [],
    );
    expect(remedies).toEqual([
      '7880 set LIVEKIT_PORT to another port',
      '7881 set LIVEKIT_TCP_PORT to another port',
      '7882 set LIVEKIT_UDP_PORT to another port',
      '8800 set INFERENCE_PORT to another port',
      '8081 set WORKER_PORT to another port',
      '3000 set PLAYGROUND_PORT to another port',
    ]);
  });

  it('gives the secret to livekit-server in its environment, never among the arguments', async () => {
    const part = buildParts(options, bring).find(({ name }) => name === 'livekit-server');
    if (part?.kind !== 'process') throw new Error('not a process');
    const command = await part.command(context);
    expect(command.args.join(' ')).not.toContain('secret');
    expect(JSON.parse(command.env?.LIVEKIT_KEYS ?? '')).toEqual({
      key: 'a secret: with "YAML" in it',
    });
  });
});

describe('a livekit-server elsewhere', () => {
  const check = (url: string): Promise<string | undefined> => {
    const part = buildParts(remote(url), bring).find(({ name }) => name === 'livekit-server');
    if (part?.kind !== 'task') throw new Error('not a task');
    return part.run(context);
  };

  it('is not started but looked for', async () => {
    const server = createServer((_request, response) => response.end('OK')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await check(url)).toBe(url);
    server.close();
  });

  it('that does not answer is told with the reason and the variable', async () => {
    await expect(check('ws://127.0.0.1:1')).rejects.toThrow(
      /ws:\/\/127\.0\.0\.1:1 does not answer \(.+\)\. Check LIVEKIT_URL/,
    );
  });
});

it('ports that are 0 become free ones, all different; the others stay', async () => {
  const settled = await settlePorts({
    ...options,
    livekit: { ...options.livekit, port: 0, tcpPort: 0, udpPort: 0 },
    worker: { port: 0 },
  });
  const ports = [
    settled.livekit.port,
    settled.livekit.tcpPort,
    settled.livekit.udpPort,
    settled.worker.port,
  ];
  expect(new Set(ports).size).toBe(4);
  expect(ports).not.toContain(0);
  expect(settled.livekit.url).toBe(`ws://127.0.0.1:${settled.livekit.port}`);
  expect(settled.playground.port).toBe(3000);
});

it('livekit.yaml has the key, the secret and the ports that the configuration has by default', async () => {
  const yaml = await readFile(new URL('../../../../livekit.yaml', import.meta.url), 'utf8');
  expect(yaml).toMatch(new RegExp(`^keys:\\n  ${DEVELOPMENT_KEY}: ${DEVELOPMENT_SECRET}$`, 'm'));
  const { livekit } = loadConfig({ env: {}, envFile: null });
  expect(yaml).toMatch(new RegExp(`^port: ${livekit.port}$`, 'm'));
  expect(yaml).toMatch(new RegExp(`^  tcp_port: ${livekit.tcpPort}$`, 'm'));
  expect(yaml).toMatch(new RegExp(`^  udp_port: ${livekit.udpPort}$`, 'm'));
});

it('livekit.yaml has no server on the internet in it', async () => {
  const yaml = await readFile(new URL('../../../../livekit.yaml', import.meta.url), 'utf8');
  const settings = yaml.replace(/#.*$/gm, '');
  expect(settings).not.toMatch(/stun|turn|https?:/);
  expect(settings).toMatch(/use_external_ip: false/);
});
