import type { Transferable } from 'node:worker_threads';
import { BodyPacker, type BodyPacket } from '../bodies/body-packets.ts';
import type { BodyKind } from '../codes.ts';
import type { RecordedBodies } from '../ledger.ts';

/** Brings bodies to the writer thread, in packets, within a bound of memory. */
export interface BodySender {
  add(callId: number, bodies: RecordedBodies): void;
  /** Sends what waits, unless it is so much that it is on its way packet by packet. */
  sendSome(): void;
  /** Sends all that waits, at once. */
  flush(): void;
  /** The thread has dealt with bodies. */
  settle(progress: { bodies: number; bodyBytes: number; droppedBodies: number }): void;
  /** The thread is gone with all it had been sent. */
  loseSent(): void;
  readonly droppedBodies: number;
}

interface BodySenderOptions {
  /** Waiting and sent, not yet stored. */
  maxBytes: number;
  send(packet: BodyPacket, transfer: readonly Transferable[]): void;
  /** Called when `sendSome` should be soon. */
  onWaiting(): void;
  /** Called when a big body was sent, and what came with it: its memory is wanted back. */
  onBigSent(): void;
}

/** Copied in one turn of the event loop: some 30 µs. */
const PACKET_BYTES = 256 * 1024;

export function createBodySender({ maxBytes, send, onWaiting, onBigSent }: BodySenderOptions): BodySender {
  const packer = new BodyPacker(PACKET_BYTES);
  let sentBytes = 0;
  let sentBodies = 0;
  let dropped = 0;
  let isPumping = false;
  let hasSentBig = false;

  function add(callId: number, kind: BodyKind, buffers: readonly Buffer[] | null | undefined): void {
    if (buffers == null) return;
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (packer.waitingBytes + sentBytes + length > maxBytes) {
      dropped++;
      return;
    }
    packer.add({ callId, kind, buffers, length });
  }

  function sendPacket(): boolean {
    const packet = packer.pack();
    if (packet === null) return false;
    sentBytes += packet.bytes.length;
    sentBodies += packet.completed;
    hasSentBig ||= packet.isGiven;
    send(packet, [packet.bytes.buffer, packet.chunks.buffer]);
    return true;
  }

  /** A packet a turn, so that a huge body does not hold up the streams. */
  function pump(): void {
    isPumping = packer.isFull && sendPacket();
    if (isPumping) setImmediate(pump);
    else if (hasSentBig) {
      sendPacket();
      hasSentBig = false;
      onBigSent();
    }
  }

  return {
    add: (callId, { request, response, upstreamRequest, upstreamResponse }) => {
      add(callId, 'request', request && [request]);
      add(callId, 'response', response);
      add(callId, 'upstreamRequest', upstreamRequest && [upstreamRequest]);
      add(callId, 'upstreamResponse', upstreamResponse);
      if (!isPumping && packer.isFull) {
        isPumping = true;
        setImmediate(pump);
      }
      onWaiting();
    },
    sendSome: () => {
      if (!isPumping) sendPacket();
    },
    flush: () => {
      while (sendPacket());
    },
    settle: ({ bodies, bodyBytes, droppedBodies }) => {
      sentBodies -= bodies;
      sentBytes -= bodyBytes;
      dropped += droppedBodies;
    },
    loseSent: () => {
      dropped += sentBodies + Number(packer.dropPartial());
      sentBodies = 0;
      sentBytes = 0;
    },
    get droppedBodies() {
      return dropped;
    },
  };
}
