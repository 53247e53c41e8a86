/** As much of a WebSocket server (RFC 6455) as the fake house needs: text frames, ping, close. No dependencies. */
import { createHash } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answer an upgrade. @returns {{send: (text: string) => void, close: (code: number, reason?: string) => void, cut: () => void}} */
export function accept(request, socket, { message, closed }) {
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  const asked = request.headers['sec-websocket-protocol'];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n${asked ? 'Sec-WebSocket-Protocol: v1.teahouse\r\n' : ''}\r\n`);
  let buffer = Buffer.alloc(0);
  let open = true;
  const write = (opcode, payload) => {
    if (!open || socket.destroyed) return;
    const size = payload.length;
    const head = size < 126 ? Buffer.from([0x80 | opcode, size])
      : size < 65536 ? Buffer.from([0x80 | opcode, 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0]), Buffer.from([size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255])]);
    socket.write(Buffer.concat([head, payload]));
  };
  const end = () => {
    if (open) closed();
    open = false;
  };
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      if (buffer.length < 6) return;
      let size = buffer[1] & 127;
      let at = 2;
      if (size === 126) [size, at] = [buffer.readUInt16BE(2), 4];
      else if (size === 127) [size, at] = [Number(buffer.readBigUInt64BE(2)), 10];
      if (buffer.length < at + 4 + size) return;
      const mask = buffer.subarray(at, at + 4);
      const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + size));
      for (let i = 0; i < size; i += 1) payload[i] ^= mask[i & 3];
      const opcode = buffer[0] & 15;
      buffer = buffer.subarray(at + 4 + size);
      if (opcode === 1) message(payload.toString('utf8'));
      else if (opcode === 9) write(10, payload);
      else if (opcode === 8) {
        write(8, payload.subarray(0, 2));
        socket.end();
      }
    }
  });
  socket.on('close', end);
  socket.on('error', end);
  return {
    send: (text) => write(1, Buffer.from(text)),
    close: (code, reason = '') => {
      write(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
      socket.end();
    },
    cut: () => socket.destroy(),
  };
}
