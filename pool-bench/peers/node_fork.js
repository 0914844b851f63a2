// 'child_process.fork': N children reverse buffers, a window of tasks is kept out; prints tasks a second.
// usage: node node_fork.js WORKERS WINDOW BYTES SECONDS
'use strict';
const { fork } = require('child_process');

if (process.env.PEER_CHILD) {
  process.on('message', ({ id, payload }) => process.send({ id, payload: Buffer.from(payload).reverse() }));
} else {
  const [workers, window, bytes, seconds] = process.argv.slice(2).map(Number);
  const payload = Buffer.alloc(bytes, 'abcdefghijklmnopqrstuvwxyz');
  // 'advanced' carries buffers as bytes; as JSON each byte would become a number in text.
  const options = { serialization: 'advanced', env: { ...process.env, PEER_CHILD: '1' } };
  const children = Array.from({ length: workers }, () => fork(__filename, options));
  let next = 0;
  let done = 0;
  const submit = () => children[next % workers].send({ id: next++, payload });
  const answered = (message) => {
    if (message.payload.length !== bytes || (bytes > 0 && message.payload[0] !== payload[bytes - 1])) {
      console.error('a result is wrong');
      process.exit(1);
    }
    done++;
    submit();
  };
  children.forEach((child) => child.on('message', answered));
  for (let i = 0; i < window; i++) {
    submit();
  }
  setTimeout(() => {
    const from = performance.now();
    const before = done;
    setTimeout(() => {
      console.log(Math.round(((done - before) * 1000) / (performance.now() - from)));
      children.forEach((child) => child.kill('SIGKILL'));
      process.exit(0);
    }, seconds * 1000);
  }, 2000);
}
