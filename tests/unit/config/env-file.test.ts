import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvFile } from '../../../config/env-file.js';
import { readVariables } from '../../../config/read-variables.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-env-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = async (content: string | Buffer): Promise<string> => {
  const path = join(folder, '.env');
  await writeFile(path, content);
  return path;
};

describe('readEnvFile', () => {
  it('reads comments, quotes, exports and values of several lines', async () => {
    const path = await file(
      '# a comment\n\nA=1\nexport B="two words"\nC=\'x # y\'\nD="first\nsecond"\r\nE=a=b # trailing\n',
    );
    expect(readEnvFile(path)).toEqual({
      A: '1',
      B: 'two words',
      C: 'x # y',
      D: 'first\nsecond',
      E: 'a=b',
    });
  });

  it('takes a missing file for an empty one', () => {
    expect(readEnvFile(join(folder, 'nothing'))).toEqual({});
  });

  it('names each malformed line and shows none of it', async () => {
    const path = await file('A=1\nsk-secret-key\n= x\n2B=3\n');
    expect(() => readEnvFile(path)).toThrow(/line 2: is not NAME=value/);
    expect(() => readEnvFile(path)).toThrow(/line 3/);
    expect(() => readEnvFile(path)).toThrow(/line 4/);
    expect(() => readEnvFile(path)).not.toThrow(/secret/);
  });

  it('says where a quote was opened that nothing closes', async () => {
    await expect(file('A="open\nB=2\n').then(readEnvFile)).rejects.toThrow(/line 1: opens a quote/);
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x41, 0x3d, 0xff, 0xfe]), /not UTF-8/],
    ['a huge file', Buffer.alloc(300_000, 'A=1\n'), /bytes long/],
  ])('refuses %s', async (_name, content, expected) => {
    const path = await file(content);
    expect(() => readEnvFile(path)).toThrow(expected);
  });

  it('says so when it is a folder', () => {
    expect(() => readEnvFile(folder)).toThrow(/cannot be read \(EISDIR\)/);
  });
});

describe('readVariables', () => {
  it('lets the process win over the file, and an empty variable of the process not', async () => {
    const envFile = await file('A=file\nB=file\n');
    expect(readVariables({ env: { A: 'process', B: '' }, envFile })).toEqual({
      A: 'process',
      B: 'file',
    });
  });
});
