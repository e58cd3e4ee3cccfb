/** A minimal fastify server: the reference for the latency server without a delay. */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

process.once('disconnect', () => process.exit(0));

const app = fastify();
app.get('/', (_request, reply) => {
  reply.send({ hello: 'world' });
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
process.send?.({ type: 'ready', origin: `http://127.0.0.1:${port}` });
