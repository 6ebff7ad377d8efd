import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One address on loopback before several servers, like the balancer of a production site. */
export interface Balancer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Passes each connection to the next server that accepts it. Refuses it if none does. */
export async function balancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const sockets = new Set<Socket>();

  const server = createServer({ pauseOnConnect: true }, near => {
    sockets.add(near);
    near.on('error', () => near.destroy()).on('close', () => sockets.delete(near));
    turn += 1;
    reach(
      near,
      ports.map((_, step) => ports[(turn + step) % ports.length] ?? 0),
    );
  });

  function reach(near: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || near.destroyed) {
      near.destroy();
      return;
    }
    const far = connect({ port, host: '127.0.0.1' });
    sockets.add(far);
    const next = (): void => reach(near, others);
    far.once('error', next).on('close', () => sockets.delete(far));
    far.once('connect', () => {
      far.off('error', next).on('error', () => far.destroy());
      far.on('close', () => near.destroy());
      near.on('close', () => far.destroy());
      near.pipe(far);
      far.pipe(near);
    });
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
