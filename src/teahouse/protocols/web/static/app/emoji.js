/** Short codes for emoji, as `:tea:`. Rule: pure; a small table, and what is not in it stays as it was typed. */

const TABLE = `
tea 🍵 teapot 🫖 coffee ☕ mate 🧉 cake 🍰 cookie 🍪 biscuit 🍪 honey 🍯 lemon 🍋 leaf 🍃 herb 🌿 bamboo 🎋 lantern 🏮
smile 😄 grin 😁 joy 😂 laugh 😆 wink 😉 blush 😊 slight_smile 🙂 upside_down 🙃 heart_eyes 😍 kiss 😘 cool 😎
thinking 🤔 neutral 😐 roll_eyes 🙄 smirk 😏 sweat_smile 😅 sleepy 😴 yawn 🥱 cry 😢 sob 😭 angry 😠 scream 😱
flushed 😳 shrug 🤷 facepalm 🤦 hug 🤗 party 🥳 nerd 🤓 zany 🤪 shush 🤫 melting 🫠 salute 🫡 ghost 👻 robot 🤖
thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 ok 👌 clap 👏 wave 👋 pray 🙏 muscle 💪 point_up ☝️ eyes 👀 handshake 🤝 fingers_crossed 🤞
heart ❤️ green_heart 💚 broken_heart 💔 sparkles ✨ star ⭐ fire 🔥 tada 🎉 rocket 🚀 bulb 💡 warning ⚠️ check ✅ x ❌
question ❓ exclamation ❗ hundred 💯 zzz 💤 speech 💬 bell 🔔 lock 🔒 key 🔑 book 📖 memo 📝 gift 🎁 music 🎵 art 🎨
dice 🎲 game 🎮 trophy 🏆 sun ☀️ moon 🌙 rain 🌧️ snow ❄️ rainbow 🌈 cloud ☁️ tree 🌳 flower 🌸 cat 🐱 dog 🐶 fox 🦊
frog 🐸 panda 🐼 bee 🐝 bug 🐛 snail 🐌 turtle 🐢 pizza 🍕 bread 🍞 apple 🍎 beer 🍺 clock 🕒 hourglass ⏳ globe 🌍 house 🏠
`;

/** @type {Map<string, string>} */
export const EMOJI = new Map();
const words = TABLE.trim().split(/\s+/u);
for (let at = 0; at < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);

/** What is offered first for putting to a line. */
export const SIGNS = ['👍', '❤️', '😂', '🎉', '🍵', '👀', '🙏', '🔥', '😢', '✅'];

/** A text with its short codes as emoji. @param {string} text */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/giu, (all, name) => EMOJI.get(name.toLowerCase()) ?? all);
}

/** Codes that begin (or else go on) like this, best first. @param {string} begun @param {number} [most] */
export function emojiLike(begun, most = 8) {
  const names = [...EMOJI.keys()];
  const first = names.filter((name) => name.startsWith(begun));
  const later = names.filter((name) => !name.startsWith(begun) && name.includes(begun));
  return [...first, ...later].slice(0, most).map((name) => ({ name, sign: EMOJI.get(name) }));
}
