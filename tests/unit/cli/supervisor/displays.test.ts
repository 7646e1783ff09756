import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPlainDisplay } from '../../../../cli/supervisor/plain-display.js';
import { createTerminalDisplay } from '../../../../cli/supervisor/terminal-display.js';

describe('lines without a terminal', () => {
  const record = (): { lines: string[]; display: ReturnType<typeof createPlainDisplay> } => {
    const lines: string[] = [];
    const display = createPlainDisplay(['models', 'livekit', 'worker'], (text) =>
      lines.push(text.trimEnd()),
    );
    return { lines, display };
  };

  it('say "ready" in the order of the parts, whichever is first', () => {
    const { lines, display } = record();
    display.state('worker', { kind: 'ready', tookMs: 100 });
    display.state('livekit', { kind: 'ready', tookMs: 200, detail: 'ws://127.0.0.1:7880' });
    expect(lines).toEqual([]);
    display.state('models', { kind: 'ready', tookMs: 300 });
    expect(lines).toEqual([
      'models   ready     (0.3 s)',
      'livekit  ready     ws://127.0.0.1:7880 (0.2 s)',
      'worker   ready     (0.1 s)',
    ]);
  });

  it('do not repeat every step of a download', () => {
    const { lines, display } = record();
    for (let step = 0; step < 100; step += 1) {
      display.state('models', { kind: 'starting', detail: 'downloading a', fraction: step / 100 });
    }
    expect(lines).toEqual(['models   starting  0 % downloading a']);
  });

  it('tell a death at once, with the reason and the pause', () => {
    const { lines, display } = record();
    display.state('worker', { kind: 'restarting', reason: 'ended by SIGKILL', inMs: 500 });
    expect(lines).toEqual(['worker   died      ended by SIGKILL; starting again in 0.5 s']);
  });

  it('put the part’s name before its logs', () => {
    const { lines, display } = record();
    display.log('livekit', { level: 'info', text: 'hello' });
    expect(lines).toEqual(['livekit | hello']);
  });
});

describe('lines on a terminal', () => {
  it('end with every part’s state, and logs are kept', () => {
    let output = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        output += chunk.toString();
        done();
      },
    });
    const terminal = Object.assign(stream, { isTTY: true, columns: 100, rows: 30 });
    const display = createTerminalDisplay(['models', 'worker'], terminal as never);
    display.state('models', { kind: 'ready', tookMs: 1_000, detail: '3 models' });
    display.log('worker', { level: 'warn', text: 'a warning' });
    display.state('worker', { kind: 'ready', tookMs: 2_000 });
    display.settle();
    display.say('Ready: open http://127.0.0.1:3000');
    const text = stripVTControlCharacters(output);
    expect(text).toContain('models  ready     3 models (1.0 s)');
    expect(text).toContain('worker | a warning');
    expect(text).toMatch(
      /worker {2}ready {5}\(2\.0 s\)\s+Ready: open http:\/\/127\.0\.0\.1:3000\n$/,
    );
  });
});
