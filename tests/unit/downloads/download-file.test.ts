import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { downloadFile } from '../../../downloads/download-file.js';
import { SourceError, UnreachableError } from '../../../downloads/fetch-error.js';
import {
  sendAndCut,
  sendAndStall,
  sendRange,
  startFileServer,
  type Answer,
} from '../../fakes/file-server.js';
import { QUICK } from '../../fakes/small-artefact.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

const content = randomBytes(300_000);

async function setUp(answer: Answer) {
  const server = await startFileServer(answer);
  onTestFinished(server.close);
  const file = join(await temporaryDirectory(), 'part');
  const job = { url: `${server.url}/f`, file, maxBytes: content.length, limits: QUICK };
  return { server, file, job };
}

describe('downloadFile', () => {
  test('saves a file and reports its bytes', async () => {
    const { job, file } = await setUp((request, response) => {
      sendRange(request, response, content);
    });
    const reports: number[] = [];
    await downloadFile({ ...job, onBytes: (done) => reports.push(done) });
    expect(await readFile(file)).toEqual(content);
    expect(reports.at(-1)).toBe(content.length);
  });

  test('follows redirects', async () => {
    const { job, file } = await setUp((request, response) => {
      if (request.url === '/f') response.writeHead(302, { location: '/moved' }).end();
      else sendRange(request, response, content);
    });
    await downloadFile(job);
    expect(await readFile(file)).toEqual(content);
  });

  test('goes on with a Range request when the connection is cut', async () => {
    const { job, file, server } = await setUp((request, response, index) => {
      if (index < 3) sendAndCut(request, response, content, 70_000);
      else sendRange(request, response, content);
    });
    await downloadFile({ ...job, bytes: content.length });
    expect(await readFile(file)).toEqual(content);
    expect(server.seen.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=70000-',
      'bytes=140000-',
      'bytes=210000-',
    ]);
  });

  test('goes on with what an earlier run left', async () => {
    const { job, file, server } = await setUp((request, response) => {
      sendRange(request, response, content);
    });
    await writeFile(file, content.subarray(0, 123_456));
    expect(await downloadFile(job)).toEqual({ continued: true });
    expect(await readFile(file)).toEqual(content);
    expect(server.seen).toEqual([{ path: '/f', range: 'bytes=123456-' }]);
  });

  test('starts afresh where the server does not know ranges', async () => {
    const { job, file } = await setUp((_request, response) => {
      response.writeHead(200).end(content);
    });
    await writeFile(file, content.subarray(1_000, 2_000));
    await downloadFile(job);
    expect(await readFile(file)).toEqual(content);
  });

  test('starts afresh when what is there is longer than the original', async () => {
    const { job, file } = await setUp((request, response) => {
      sendRange(request, response, content);
    });
    await writeFile(file, randomBytes(content.length + 10));
    await downloadFile(job);
    expect(await readFile(file)).toEqual(content);
  });

  test('gives up on a connection that is cut again and again without a byte', async () => {
    const { job, server } = await setUp((request, response, index) => {
      sendAndCut(request, response, content, index === 0 ? 50_000 : 0);
    });
    await expect(downloadFile(job)).rejects.toThrow(/127.0.0.1:\d+ was cut after 50000 bytes/);
    expect(server.seen).toHaveLength(1 + QUICK.resumesWithoutProgress);
  });

  test('notices a server that goes silent', async () => {
    const { job } = await setUp((_request, response) => {
      sendAndStall(response, content, 1_000);
    });
    await expect(downloadFile(job)).rejects.toThrow(/sent nothing for 1 s after 1000 bytes/);
  });

  test('notices a server that never answers', async () => {
    const { job } = await setUp(() => undefined);
    await expect(downloadFile(job)).rejects.toThrow(/did not answer within 1 s/);
  });

  test.each([403, 404, 500])('tells of status %i', async (status) => {
    const { job } = await setUp((_request, response) => {
      response.writeHead(status).end('no');
    });
    await expect(downloadFile(job)).rejects.toThrow(new RegExp(`answered ${status}`));
    await expect(downloadFile(job)).rejects.toBeInstanceOf(SourceError);
  });

  test('stops when more comes than was expected', async () => {
    const { job } = await setUp((_request, response) => {
      response.writeHead(200).end(content);
    });
    await expect(downloadFile({ ...job, maxBytes: 100_000 })).rejects.toThrow(
      /more than the 100000 bytes/,
    );
  });

  test('tells a host that can not be reached from one that fails', async () => {
    const { job, server } = await setUp(() => undefined);
    await server.close();
    await expect(downloadFile(job)).rejects.toBeInstanceOf(UnreachableError);
    await expect(downloadFile({ ...job, url: 'http://no-such-host.invalid/f' })).rejects.toThrow(
      /no-such-host.invalid can't be reached/,
    );
  });

  test('stops at once when told to', async () => {
    const { job } = await setUp((_request, response) => {
      sendAndStall(response, content, 1_000);
    });
    const signal = AbortSignal.timeout(100);
    await expect(downloadFile({ ...job, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('goes on when the proxy takes connections and answers nothing', async () => {
    const proxy = await startFileServer(() => undefined);
    onTestFinished(proxy.close);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { job } = await setUp(() => undefined);
    await expect(downloadFile({ ...job, url: 'http://files.invalid/f' })).rejects.toThrow(
      /files.invalid (gave no answer within 2 s|can't be reached|did not answer)/,
    );
  });
});
