import { type ConversationSource, readConversation } from './read-conversation.ts';

/** Bodies may have many megabytes: they are taken apart beside the window's thread. */
self.onmessage = ({ data }: MessageEvent<ConversationSource>) => self.postMessage(readConversation(data));
