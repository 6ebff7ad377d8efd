import type { SandboxCitizen } from './citizens';

/** The customer service window: 24 hours from the person's last message, restarted by each. */
export const WINDOW_MS = 24 * 60 * 60 * 1000;

export const isWindowOpen = (citizen: SandboxCitizen, now: number): boolean =>
  citizen.windowClosesAt !== null && now < citizen.windowClosesAt;

/** Whether a reaction restarts the window is undocumented, so here only real messages do. */
export const restartsWindow = (messageType: string): boolean =>
  messageType !== 'reaction' && messageType !== 'system';
