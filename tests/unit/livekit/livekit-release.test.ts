import { describe, expect, test } from 'vitest';
import { checksumOf, livekitArchive } from '../../../livekit/livekit-release.js';

const A = 'a'.repeat(64);
const B = 'B'.repeat(64);

describe('checksumOf', () => {
  const listing = `${A}  livekit_1.13.5_linux_amd64.tar.gz\n${B} *livekit_1.13.5_linux_arm64.tar.gz\r\n`;

  test('finds a file in the text and in the binary form of the line', () => {
    expect(checksumOf('livekit_1.13.5_linux_amd64.tar.gz', listing)).toBe(A);
    expect(checksumOf('livekit_1.13.5_linux_arm64.tar.gz', listing)).toBe(B.toLowerCase());
  });

  test.each([
    ['an unlisted file', listing, 'other.tar.gz'],
    ['a digest that is too short', 'abc  f', 'f'],
    ['an error page', '<html>Not Found</html>', 'f'],
    ['an empty file', '', 'f'],
  ])('refuses %s', (_name, text, file) => {
    expect(() => checksumOf(file, text)).toThrow(`lists no SHA-256 for ${file}`);
  });
});

test('knows which platforms have an archive', () => {
  expect(livekitArchive('linux', 'x64')).toBe('livekit_1.13.5_linux_amd64.tar.gz');
  expect(livekitArchive('linux', 'arm64')).toBe('livekit_1.13.5_linux_arm64.tar.gz');
  expect(livekitArchive('darwin', 'arm64')).toBeUndefined();
  expect(livekitArchive('linux', 'riscv64')).toBeUndefined();
});
