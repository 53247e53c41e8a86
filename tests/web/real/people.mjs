/** People who are not in a browser: one on plain lines, one on IRC. Rule: what they see is waited for, and was not seen before. */
import { createRequire } from 'node:module';
import net from 'node:net';
import { PATIENCE } from './house.mjs';

class Person {
  shown = '';
  #read = 0;
  #waiting = null;

  hears(text) {
    this.shown += text;
    this.#waiting?.();
  }

  /** Wait for this text, in what has come since the last text that was waited for. */
  async sees(text) {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const at = this.shown.indexOf(text, this.#read);
      if (at >= 0) {
        this.#read = at + text.length;
        return;
      }
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${JSON.stringify(text)} never came, but:\n${this.shown}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => { clearTimeout(timer); resolve(); };
      });
    }
  }
}

/** On a plain line, as of telnet or nc. */
export class LinePerson extends Person {
  static async comes(house, nick) {
    const person = new LinePerson();
    person.socket = net.connect(house.ports.line, 'localhost');
    person.socket.setEncoding('utf8').on('error', () => {}).on('data', (text) => person.hears(text));
    person.says(`login ${nick}`);
    await person.sees('In this room:');
    return person;
  }

  says(...lines) {
    this.socket.write(lines.map((line) => `${line}\n`).join(''));
  }

  leaves() {
    this.socket.destroy();
  }
}

/** On IRC, with the library of The Lounge and Kiwi. */
export class IrcPerson extends Person {
  static async comes(house, nick, realname = nick) {
    const { Client } = createRequire(import.meta.url)('irc-framework');
    const person = new IrcPerson();
    const client = new Client();
    person.client = client;
    client.on('registered', () => person.hears('registered\n'));
    client.on('join', (event) => person.hears(`${event.nick} joins ${event.channel.toLowerCase()}\n`));
    client.on('kick', (event) => person.hears(`${event.nick} kicks ${event.kicked}: ${event.message}\n`));
    client.on('nick', (event) => person.hears(`${event.nick} is now ${event.new_nick}\n`));
    client.on('topic', (event) => person.hears(`topic: ${event.topic}\n`));
    client.on('message', (event) => person.hears(`${event.type} ${event.nick} ${event.target.toLowerCase()}: ${event.message}\n`));
    client.on('irc error', (event) => person.hears(`error ${event.error}: ${event.reason}\n`));
    client.connect({ host: 'localhost', port: house.ports.irc, nick, username: nick, gecos: realname, auto_reconnect: false });
    await person.sees('registered');
    return person;
  }

  says(channel, text) {
    this.client.say(channel, text);
  }

  leaves() {
    this.client.connection.end();
  }
}
