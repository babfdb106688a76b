// The real binary and a real SMTP server, each on a free port of this machine, in a fresh folder.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.SHODO_BIN ?? join(root, 'target/debug/shodo');
const python = process.env.SHODO_TEST_PYTHON ?? join(root, '.venv/bin/python');

/** A port where nobody listens. */
const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/** Lines of a stream, one after the other; a minute without one is an error. */
const reader = (stream, whose) => {
  const lines = [], waiting = [];
  createInterface({ input: stream }).on('line', line => { const next = waiting.shift(); next ? next(line) : lines.push(line); });
  return () => lines.length ? Promise.resolve(lines.shift()) : new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${whose} said nothing for a minute`)), 60_000);
    waiting.push(line => { clearTimeout(late); resolve(line); });
  });
};

/** Starts both; gives the address, the set-up link, what was mailed, and how to end. */
export async function start() {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run cargo test --no-run, or name the binary in SHODO_BIN`);
  if (!existsSync(python)) throw new Error(`${python} is not there: run .ci/setup, or name a Python with aiosmtpd in SHODO_TEST_PYTHON`);
  const folder = mkdtempSync(join(tmpdir(), 'shodo-walk-'));
  const log = join(folder, 'taken.jsonl');

  const sink = spawn(python, [join(root, 'tests/it/support/smtp_sink.py'), log], { stdio: ['pipe', 'pipe', 'inherit'] });
  const smtpPort = await reader(sink.stdout, 'the SMTP server')();

  const port = await freePort();
  const environment = {
    PATH: process.env.PATH, SHODO_DATA_DIR: join(folder, 'data'), SHODO_LISTEN: `127.0.0.1:${port}`,
    SHODO_MAIL_TRANSPORT: 'smtp', SHODO_SMTP_HOST: '127.0.0.1', SHODO_SMTP_PORT: smtpPort, SHODO_SMTP_TLS: 'none',
    SHODO_MAIL_FROM: 'privacy@shop.example.jp', SHODO_MAIL_FROM_NAME: 'お客様情報窓口',
  };
  const options = { cwd: folder, env: environment };
  const server = spawn(binary, ['serve'], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const logs = [];
  createInterface({ input: server.stderr }).on('line', line => logs.push(line));
  const ended = new Promise(resolve => server.once('exit', (code, signal) => resolve({ code, signal })));
  const line = reader(server.stdout, 'the server');
  const ready = await Promise.race([line(), ended.then(() => '')]);
  if (!ready.includes('is ready at')) throw new Error(`the server did not start:\n${logs.join('\n')}`);
  await line();
  const link = await line();

  return {
    address: `http://127.0.0.1:${port}`,
    link,
    logs,
    python,
    /** The mails that arrived so far. */
    mails: () => existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean).map(text => JSON.parse(text)) : [],
    /** Asks the server to stop; gives how it ended. */
    async stop() {
      server.kill('SIGTERM');
      const late = setTimeout(() => server.kill('SIGKILL'), 30_000);
      const end = await ended;
      clearTimeout(late);
      return end;
    },
    /** Runs a command of the binary on the same data. */
    command: (...words) => new Promise((resolve, reject) => {
      const child = spawn(binary, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '', err = '';
      child.stdout.on('data', piece => out += piece);
      child.stderr.on('data', piece => err += piece);
      child.once('error', reject).once('close', code => resolve({ code, out, err }));
    }),
    /** Ends what still runs, and removes the folder. */
    clear() {
      for (const child of [server, sink]) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
