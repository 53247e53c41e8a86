/** The real house in a process of its own. Rule: its ports are read from what it prints, it keeps them over a restart, and it is ended by its process id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = process.env.TEAHOUSE ?? new URL('../../../.venv/bin/teahouse', import.meta.url).pathname;
const WAYS = ['telnet', 'irc', 'line', 'web'];
const WAY = /^Teahouse is open: (telnet|irc|line|web) .*?([0-9]+)\/?$/u;
const CONFIG = 'test_mode = true\n[listen]\ntelnet = []\nirc = []\nline = []\nweb = []\n';
export const PATIENCE = Number(process.env.PATIENCE_MS ?? 20_000);

export class RealHouse {
  /** @type {Record<string, number>} */
  ports = {};

  /** A house that is open, with this added to its configuration. */
  static async open(config = '') {
    const house = new RealHouse();
    process.once('exit', () => house.process?.kill('SIGKILL')); // whatever becomes of the test
    house.folder = await mkdtemp(path.join(tmpdir(), 'teahouse-web-'));
    await writeFile(path.join(house.folder, 'house.toml'), CONFIG + config);
    await house.start();
    return house;
  }

  get url() {
    return `http://localhost:${this.ports.web}/`;
  }

  async start() {
    const ways = WAYS.flatMap((way) => [`--${way}`, String(this.ports[way] ?? 0)]);
    const at = path.join(this.folder, 'house.toml');
    this.process = spawn(PROGRAM, ['serve', '--config', at, '--data', path.join(this.folder, 'data'), ...ways], { cwd: this.folder, env: { ...process.env, TEAHOUSE_DATA: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.process, 'exit');
    this.log = '';
    this.process.stderr.on('data', (data) => { this.log += data; });
    const open = new Set();
    for await (const line of createInterface({ input: this.process.stdout })) {
      const [, way, port] = WAY.exec(line) ?? [];
      if (!way) continue;
      this.ports[way] = Number(port);
      open.add(way);
      if (open.size === WAYS.length) break;
    }
    if (open.size < WAYS.length) throw new Error(`the house did not open: ${this.log}`);
    this.process.stdout.resume();
  }

  /** The process ends, in order or at once. */
  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    const enough = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(enough);
  }

  /** For good. It has logged no failure. */
  async close() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
    if (/Traceback|Unhandled/u.test(this.log)) throw new Error(this.log);
    if (this.process.exitCode !== 0) throw new Error(`the house ended with ${this.process.exitCode}: ${this.log}`);
  }

  /** One of its numbers, as Prometheus is told it. */
  async number(name) {
    const page = await (await fetch(`${this.url}metrics`)).text();
    const found = page.split('\n').find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    if (!found) throw new Error(`no ${name} in ${page}`);
    return Number(found.split(' ').at(-1));
  }

}
