import { holderOf, isFree, nextFree } from '../../local/services/port';
import { StartFailure } from './failure';

/** The ports one local run uses, all on this machine. */
export interface LocalPorts {
  readonly web: number;
  readonly stage: number;
  readonly smtp: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly mongo: number;
  readonly workerHealth: number;
  readonly metrics: number;
}

/**
 * The web port is the one asked for or none, since others know it; the rest move up to the next
 * free port.
 * @throws StartFailure when the web port is taken or not a port.
 */
export async function choosePorts(wanted: string | undefined): Promise<LocalPorts> {
  const web = await webPort(wanted);
  const promised = new Set([web]);
  const next = async (port: number): Promise<number> => {
    const free = await nextFree(port, promised);
    promised.add(free);
    return free;
  };
  return {
    web,
    stage: await next(3001),
    smtp: await next(2525),
    temporal: await next(7233),
    temporalUi: await next(8233),
    mongo: await next(27017),
    workerHealth: await next(3100),
    metrics: await next(9464),
  };
}

async function webPort(wanted: string | undefined): Promise<number> {
  const port = Number(wanted ?? '3000');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartFailure(`PORT is not a port number between 1 and 65535. Example: PORT=3100 npm start`);
  }
  if (await isFree(port)) return port;
  const holder = await holderOf(port);
  const other = await nextFree(port + 1, new Set());
  throw new StartFailure(
    `Port ${port} is taken${holder === undefined ? '' : ` by ${holder}`}. ` +
      `End that program, or choose another port: PORT=${other} npm start`,
  );
}
