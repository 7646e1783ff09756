import { readdir, readFile, readlink } from 'node:fs/promises';
import { execa } from 'execa';

/** A command line is shown up to here: enough to recognise the program. */
const SHOWN_COMMAND_LENGTH = 80;
/** lsof walks all processes; a slow one must not hold up an error message. */
const LSOF_TIMEOUT_MS = 3_000;
/** State of a listening TCP socket in /proc/net/tcp. */
const TCP_LISTEN = '0A';

/**
 * Who listens on a port, as far as this user may know.
 * @returns for example "node server.js (process 4711)"
 */
export async function findPortHolder(
  port: number,
  protocol: 'tcp' | 'udp',
): Promise<string | undefined> {
  try {
    return process.platform === 'linux'
      ? await findInProc(port, protocol)
      : await askLsof(port, protocol);
  } catch {
    // A hint that cannot be had is left out; the port in use is the message.
    return undefined;
  }
}

async function findInProc(port: number, protocol: string): Promise<string | undefined> {
  const inodes = new Set<string>();
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of [protocol, `${protocol}6`]) {
    const lines = (await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')).split('\n');
    for (const line of lines.slice(1)) {
      const columns = line.trim().split(/\s+/);
      const isOpen = protocol === 'udp' || columns[3] === TCP_LISTEN;
      if (isOpen && columns[1]?.endsWith(`:${hexPort}`) && columns[9]) inodes.add(columns[9]);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return describe(pid);
    }
  }
  return undefined;
}

async function describe(pid: string): Promise<string> {
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim();
  return `${shorten(command)} (process ${pid})`;
}

async function askLsof(port: number, protocol: string): Promise<string | undefined> {
  const filter = protocol === 'tcp' ? [`-iTCP:${port}`, '-sTCP:LISTEN'] : [`-iUDP:${port}`];
  const { stdout } = await execa('lsof', ['-nP', '-Fpc', ...filter], { timeout: LSOF_TIMEOUT_MS });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const command = /^c(.+)$/m.exec(stdout)?.[1];
  return pid && command ? `${shorten(command)} (process ${pid})` : undefined;
}

function shorten(command: string): string {
  return command.length > SHOWN_COMMAND_LENGTH
    ? `${command.slice(0, SHOWN_COMMAND_LENGTH)}…`
    : command;
}
