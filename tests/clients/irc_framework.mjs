// irc-framework as a puppet: lines in are "channel<TAB>line", what it is told goes out a line each.
import { createRequire } from "node:module";
import readline from "node:readline";

const [nick, port, modules] = process.argv.slice(2);
const { Client } = createRequire(`${modules}/`)("irc-framework");
const client = new Client();
const say = (...words) => console.log(words.join(" "));

client.on("registered", (event) => say("registered", event.nick));
client.on("join", (event) => say("join", event.nick, event.channel, event.account || "-"));
client.on("part", (event) => say("part", event.nick, event.channel, event.message));
client.on("quit", (event) => say("quit", event.nick, event.message));
client.on("kick", (event) => say("kick", event.kicked, event.nick, event.channel, event.message));
client.on("nick", (event) => say("nick", event.nick, event.new_nick));
client.on("topic", (event) => say("topic", event.channel, event.topic));
client.on("away", (event) => say("away", event.nick, event.message));
client.on("back", (event) => say("back", event.nick));
client.on("userlist", (event) => say("userlist", event.channel, event.users.map((user) => user.modes.join("") + user.nick).join(" ")));
client.on("mode", (event) => say("mode", event.target, event.modes.map((each) => `${each.mode} ${each.param || ""}`).join(" ")));
client.on("message", (event) => say(event.batch ? "history" : event.type, event.nick, event.target, event.message));
client.on("irc error", (event) => say("error", event.error, event.channel || "", event.reason || ""));
client.on("close", () => { say("closed"); process.exit(0); });

client.connect({ host: "127.0.0.1", port: Number(port), nick, auto_reconnect: false, enable_echomessage: true, enable_chghost: true, enable_setname: true });

readline.createInterface({ input: process.stdin }).on("line", (typed) => {
  const [channel, line] = typed.split("\t");
  if (!line.startsWith("/")) return client.say(channel, line);
  const [command, ...words] = line.slice(1).split(" ");
  if (command === "quit") return client.quit(words.join(" "));
  if (command === "me") return client.action(channel, words.join(" "));
  if (command === "msg") return client.say(words[0], words.slice(1).join(" "));
  const texts = { part: 1, topic: 1, kick: 2, away: 0 };
  const at = texts[command] ?? words.length;
  const params = at < words.length ? [...words.slice(0, at), words.slice(at).join(" ")] : words;
  client.raw(command.toUpperCase(), ...params);
});
