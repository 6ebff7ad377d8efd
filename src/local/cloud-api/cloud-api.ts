import path from 'node:path';
import type { Router } from '@koa/router';
import { createInbound } from './inbound';
import type { BusinessNumber } from './envelopes';
import { createFaults, type Faults } from './faults';
import { graphRoutes } from './graph-routes';
import { createHandshake, createWebhookQueue, type Handshake, type WebhookQueue } from './webhooks';
import { createMediaStore, type MediaStore } from './media';
import { createRateLimits } from './limits';
import { createSavedFolder } from './saved-folder';
import { createSending } from './sending';
import { createStatuses, type StatusPace, type Statuses } from './statuses';
import { helloWorld, type ApprovedTemplate } from './templates';
import { createThreads, type CitizenEntry, type Content, type Thread, type Threads } from './threads';

export interface CloudApiOptions {
  line: BusinessNumber;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  webhookUrl: string;
  graphVersion: string;
  dataDir: string;
  templates: readonly ApprovedTemplate[];
  messagesPerSecond: number;
  now: () => number;
  pace: StatusPace;
  retryDelayMs?: ((attempt: number) => number) | undefined;
  onThread: (citizenId: string) => void;
  onChange: () => void;
}

/** The running stand-in: routes for the product, and parts for the phone page and the control API. */
export interface CloudApi {
  line: BusinessNumber;
  routes: Router;
  threads: Threads;
  media: MediaStore;
  faults: Faults;
  queue: WebhookQueue;
  statuses: Statuses;
  handshake: Handshake;
  receive: (thread: Thread, content: Content) => CitizenEntry;
  templates(): readonly ApprovedTemplate[];
  addTemplate(template: ApprovedTemplate): void;
  stop(): Promise<void>;
}

/**
 * Meta's Cloud API on this machine, with the documented limits, error codes, signatures, statuses and media
 * lifetimes.
 */
export function createCloudApi(options: CloudApiOptions): CloudApi {
  const { line, now, dataDir } = options;
  const saved = createSavedFolder<Thread>(path.join(dataDir, 'citizens'));
  const threads = createThreads(saved.load(), thread => {
    saved.save(thread.citizen.id, () => thread);
    options.onThread(thread.citizen.id);
  });
  const media = createMediaStore(path.join(dataDir, 'media'), now);
  const faults = createFaults(options.onChange);
  const limits = createRateLimits(options.messagesPerSecond);
  const target = {
    url: options.webhookUrl,
    appSecret: options.appSecret,
    ...(options.retryDelayMs === undefined ? {} : { retryDelayMs: options.retryDelayMs }),
  };
  const queue = createWebhookQueue(target, faults, options.onChange);
  const statuses = createStatuses({ line, threads, queue, now, pace: options.pace });
  let templates: readonly ApprovedTemplate[] = [helloWorld, ...options.templates];
  const sending = createSending({ threads, statuses, limits, media, now, templates: () => templates });
  const handshake = createHandshake(options.webhookUrl, options.verifyToken, options.onChange);

  const inbound = createInbound({ line, threads, statuses, queue, limits, now });
  for (const thread of threads.all()) {
    inbound.resume(thread);
    for (const entry of thread.entries) if (entry.from === 'municipality') statuses.follow(thread, entry);
  }

  return {
    line,
    routes: graphRoutes({
      line,
      accessToken: options.accessToken,
      graphVersion: options.graphVersion,
      sending,
      media,
      faults,
    }),
    threads,
    media,
    faults,
    queue,
    statuses,
    handshake,
    receive: inbound.receive,
    templates: () => templates,
    addTemplate(template) {
      const others = templates.filter(
        known => known.name !== template.name || known.language !== template.language,
      );
      templates = [...others, template];
    },
    async stop() {
      handshake.stop();
      queue.stop();
      statuses.stop();
      await Promise.all([saved.flush(), media.flush()]);
    },
  };
}
