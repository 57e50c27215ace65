import type { Measured } from '../goals.ts';
import type { Lab } from '../lab.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, renderSpread } from '../load/statistics.ts';
import type { RunningProcess } from '../subjects/start-process.ts';
import { createRequests, type Subject } from '../subjects/subject.ts';
import { WHOLE_OUTPUT_TOKENS } from '../upstream/reply-formats.ts';

/** From the spawn to the first answered call, relay and Tollgate in turns. */
export async function measureStart(lab: Lab, dataDir: string): Promise<Measured> {
  await lab.setReplies();
  const rounds = lab.options.quick ? 5 : 9;
  const relayMs: number[] = [];
  const tollgateMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const relay = await lab.startRelay();
    relayMs.push(await timeFirstCall(relay));
    await relay.process.stop();
    const tollgate = await lab.startTollgate(dataDir);
    tollgateMs.push(await timeFirstCall(tollgate));
    await tollgate.stopAndVerify();
  }
  const ratios = tollgateMs.map((ms, round) => ms / (relayMs[round] ?? Number.NaN));
  const detail = `${renderSpread(ratios)}; ${median(tollgateMs).toFixed(0)} ms against ${median(relayMs).toFixed(0)} ms`;
  return { row: 'start', value: median(ratios), detail };
}

async function timeFirstCall(subject: Subject & { process: RunningProcess }): Promise<number> {
  const connection = new HttpConnection(subject.url);
  const reply = await connection.send(createRequests(subject, 'o2o', { stream: false }).bytes());
  connection.destroy();
  if (reply.status !== 200) throw new Error(`${subject.name} answered its first call with ${reply.status}`);
  subject.count(reply, WHOLE_OUTPUT_TOKENS);
  return reply.endedAt - subject.process.spawnedAt;
}
