import { createServer } from 'node:net';
import { findPortOwner } from '../machine/port-owner.ts';
import type { Supervisor } from './supervisor.ts';

/** Moves the gateway; when that fails it goes back to where it was. @throws Error naming the program that has the port */
export async function changePort(supervisor: Supervisor, port: number): Promise<void> {
  const before = supervisor.port;
  if (port === before) return;
  if (!(await isFree(port))) throw new Error(`Port ${port} is taken by ${findPortOwner(port) ?? 'another program'}.`);
  try {
    await supervisor.restart(port);
  } catch (error) {
    await supervisor.restart(before);
    throw error;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
