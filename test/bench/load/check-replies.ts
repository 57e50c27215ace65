import type { Subject } from '../subjects/subject.ts';
import { createRequests } from '../subjects/subject.ts';
import type { CaseId } from '../traffic/cases.ts';
import { readReply } from '../traffic/read-reply.ts';
import { WHOLE_OUTPUT_TOKENS } from '../upstream/reply-formats.ts';
import { HttpConnection } from './http-connection.ts';

/** One whole and one streamed call, read as a program would. @throws when text, pieces or usage are not what the provider sent */
export async function checkReplies(subject: Subject, id: CaseId, chunks: number): Promise<void> {
  for (const stream of [false, true]) {
    const requests = createRequests(subject, id, { stream });
    const parts: Buffer[] = [];
    const connection = new HttpConnection(subject.url);
    const reply = await connection.send(requests.bytes(), (slice) => parts.push(Buffer.from(slice)));
    connection.destroy();
    const body = Buffer.concat(parts).toString();
    const where = `${subject.name} ${id}${stream ? ' stream' : ''}`;
    if (reply.status !== 200) throw new Error(`${where}: ${reply.status} ${body.slice(0, 500)}`);
    const tokens = stream ? chunks : WHOLE_OUTPUT_TOKENS;
    subject.count(reply, tokens);
    const { text, deltas, outputTokens } = readReply(requests.caller, stream, body);
    if (!text.startsWith(' the quick')) throw new Error(`${where}: the text is ${JSON.stringify(text.slice(0, 80))}`);
    if (deltas !== (stream ? chunks : 1)) throw new Error(`${where}: ${deltas} pieces of text`);
    if (outputTokens !== tokens) throw new Error(`${where}: usage says ${outputTokens} output tokens instead of ${tokens}`);
  }
}
