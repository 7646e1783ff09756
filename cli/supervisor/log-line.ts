/** One line of a part's output, read as far as it can be. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Fields that every line of a part has alike: they would only fill the screen. */
const BORING_FIELDS = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'reqId', 'v']);
/** One field's value is shown up to here. */
const SHOWN_VALUE_LENGTH = 200;

/** Turns pino's JSON into a line for people; anything else is left as it is. */
export function readLogLine(raw: string): LogLine {
  const record = parseRecord(raw);
  if (typeof record?.msg !== 'string') return { level: guessLevel(raw), text: raw };
  const fields = Object.entries(record)
    .filter(([key, value]) => !BORING_FIELDS.has(key) && value !== '')
    .map(([key, value]) => `${key}=${showValue(value)}`);
  return { level: readLevel(record.level), text: [record.msg, ...fields].join('  ') };
}

function parseRecord(raw: string): Record<string, unknown> | undefined {
  if (!raw.startsWith('{')) return undefined;
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function showValue(value: unknown): string {
  // pino writes an error as an object: its message says it, the stack trace is for debugging.
  const isError = typeof value === 'object' && value !== null && 'message' in value;
  const shown = isError ? value.message : value;
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > SHOWN_VALUE_LENGTH ? `${text.slice(0, SHOWN_VALUE_LENGTH)}…` : text;
}

function readLevel(level: unknown): LogLine['level'] {
  if (typeof level === 'string') {
    if (level === 'error' || level === 'fatal') return 'error';
    return level === 'warn' || level === 'info' ? level : 'debug';
  }
  const number = typeof level === 'number' ? level : 30;
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}

/** livekit-server writes "time TAB LEVEL TAB …"; node writes "SomeError: …". */
function guessLevel(raw: string): LogLine['level'] {
  if (/\t(ERROR|FATAL|PANIC)\t|^\w*Error\b|^panic:/.test(raw)) return 'error';
  return /\tWARN\t|\bWarning:/.test(raw) ? 'warn' : 'info';
}
