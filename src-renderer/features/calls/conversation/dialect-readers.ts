import { joinMessageEvents, readMessagesReply, readMessagesRequest } from './anthropic-turns.ts';
import { joinGenerateChunks, readGenerateReply, readGenerateRequest } from './gemini-turns.ts';
import type { Json } from './json-fields.ts';
import { joinChatChunks } from './openai-chat-stream.ts';
import { readChatReply, readChatRequest } from './openai-chat-turns.ts';
import { joinResponseEvents, readResponsesReply, readResponsesRequest } from './openai-responses-turns.ts';
import type { Reading } from './turn.ts';

export interface DialectReader {
  request(body: Json): Reading;
  reply(body: Json): Reading;
  join(events: readonly unknown[]): Json;
}

export const dialectReaders: Record<string, DialectReader> = {
  'openai-chat': { request: readChatRequest, reply: readChatReply, join: joinChatChunks },
  'openai-responses': { request: readResponsesRequest, reply: readResponsesReply, join: joinResponseEvents },
  'anthropic-messages': { request: readMessagesRequest, reply: readMessagesReply, join: joinMessageEvents },
  'gemini-generate': { request: readGenerateRequest, reply: readGenerateReply, join: joinGenerateChunks },
};
