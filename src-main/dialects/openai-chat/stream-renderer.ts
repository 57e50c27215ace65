import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ReasoningOrigin } from '../../domain/conversation.ts';
import type { TokenUsage } from '../../domain/token-usage.ts';
import type { StreamRendererOptions } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';
import { type ChoiceRenderer, type ChoiceStep, createChoiceRenderer } from './choice-renderer.ts';
import { renderStreamFault } from './render-error.ts';
import { renderCompletionId } from './render-parts.ts';
import { renderUsage } from './render-usage.ts';

export interface ChatStreamOptions extends StreamRendererOptions {
  /** Who signs the reasoning of this stream; without it a client cannot bring signatures back to their owner. */
  reasoningOrigin?: ReasoningOrigin;
}

/** Renders neutral events as chat completion chunks. After an error nothing follows, not even `[DONE]`. */
export function createStreamRenderer(options: ChatStreamOptions): (event: ChatEvent) => SseEvent[] {
  const choices = new Map<number, ChoiceRenderer>();
  let head = renderHead('', options);
  let usage: TokenUsage | null = null;
  let isClosed = false;

  function choiceOf(index: number): ChoiceRenderer {
    const choice = choices.get(index) ?? createChoiceRenderer(index, options.reasoningOrigin);
    choices.set(index, choice);
    return choice;
  }

  function renderSteps(index: number, steps: ChoiceStep[]): SseEvent[] {
    return steps.map(({ delta, finishReason }) => {
      const body = `{"index":${index},"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}`;
      return { event: null, data: `${head}"choices":[${body}]${options.includeUsage ? ',"usage":null' : ''}}` };
    });
  }

  function close(): SseEvent[] {
    isClosed = true;
    choiceOf(0);
    const finishes = [...choices].flatMap(([index, choice]) => renderSteps(index, choice.end()));
    const counted = options.includeUsage ? renderUsage(usage) : null;
    const last = counted === null ? [] : [{ event: null, data: `${head}"choices":[],"usage":${JSON.stringify(counted)}}` }];
    return [...finishes, ...last, { event: null, data: '[DONE]' }];
  }

  return (event) => {
    if (isClosed) return [];
    switch (event.type) {
      case 'start':
        head = renderHead(event.id, options);
        return renderSteps(0, choiceOf(0).render(null));
      case 'usage':
        usage = event.usage;
        return [];
      case 'error':
        isClosed = true;
        return [renderStreamFault(event.fault)];
      case 'end':
        return close();
      default:
        return renderSteps(event.choice, choiceOf(event.choice).render(event));
    }
  };
}

/** What all chunks of a stream share, written once: most chunks carry a few letters of text. */
function renderHead(id: string, { createdAt, model }: StreamRendererOptions): string {
  const shared = {
    id: renderCompletionId(id, createdAt),
    object: 'chat.completion.chunk',
    created: Math.floor(createdAt / 1000),
    model,
  };
  return `${JSON.stringify(shared).slice(0, -1)},`;
}
