import type { ChatEvent } from '../../domain/chat-event.ts';
import type { TokenUsage } from '../../domain/token-usage.ts';
import type { StreamRendererOptions } from '../dialect.ts';
import type { SseEvent } from '../sse.ts';
import { type ChoiceRenderer, type ChoiceStep, createChoiceRenderer } from './choice-renderer.ts';
import { renderCompletionId } from './render-parts.ts';
import { renderStreamFault } from './render-stream-error.ts';
import { renderUsage } from './render-usage.ts';

/** Renders neutral events as chat completion chunks. After an error nothing follows, not even `[DONE]`. */
export function createStreamRenderer(options: StreamRendererOptions): (event: ChatEvent) => SseEvent[] {
  const choices = new Map<number, ChoiceRenderer>();
  const noUsage = options.includeUsage ? ',"usage":null' : '';
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
      const reason = finishReason === null ? 'null' : `"${finishReason}"`;
      const choice = `{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${reason}}`;
      return { event: null, data: `${head}"choices":[${choice}]${noUsage}}` };
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
