import { type ReactNode, useContext, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CodeView } from '../../ui/code-view.tsx';
import { renderBytes } from '../../ui/render-number.ts';
import { AnswerText } from './answer-text.tsx';
import type { Part, Role, ToolCallPart, Turn } from './conversation/turn.ts';
import styles from './conversation-tab.module.css';
import { layOutJson } from './lay-out-json.ts';
import { MediaView } from './media-view.tsx';
import { PrefixBreak, PrefixBreakContext } from './prefix-note.tsx';
import { TextFormContext } from './text-form.ts';

const roleWords: Record<Role, string> = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool results' };

export function TurnView({ turn }: { turn: Turn }): ReactNode {
  const brokeAt = useContext(PrefixBreakContext);
  return (
    <section className={styles['turn']} data-role={turn.role}>
      {turn.at !== undefined && turn.at === brokeAt && <PrefixBreak />}
      <h3 className={styles['role']}>{roleWords[turn.role]}</h3>
      <Parts parts={turn.parts} isMarkdown={turn.role === 'assistant'} />
    </section>
  );
}

function Parts({ parts, isMarkdown }: { parts: readonly Part[]; isMarkdown: boolean }): ReactNode {
  return (
    <div className={styles['parts']}>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no id and keep their order
        <PartView key={at} part={part} isMarkdown={isMarkdown} />
      ))}
    </div>
  );
}

function PartView({ part, isMarkdown }: { part: Part; isMarkdown: boolean }): ReactNode {
  switch (part.kind) {
    case 'text':
      return <TextView text={part.text} isMarkdown={isMarkdown} />;
    case 'thinking':
      return <Thinking text={part.text} />;
    case 'tool-call':
      return <ToolCard call={part} />;
    case 'tool-result':
      return (
        <div className={styles['tool']}>
          <Result name={part.name ?? part.callId} isError={part.isError} parts={part.parts} />
        </div>
      );
    case 'media':
      return <MediaView media={part} />;
    default:
      return <RawPart label={part.label} json={part.json} />;
  }
}

/** What is longer is first shown by its beginning. */
const longChars = 20_000;
const shownChars = 4_000;

function TextView({ text, isMarkdown }: { text: string; isMarkdown: boolean }): ReactNode {
  const form = useContext(TextFormContext);
  const [isOpen, setOpen] = useState(false);
  if (text.length > longChars) {
    if (isOpen) return <CodeView text={text} label="text" />;
    return (
      <>
        <p className={styles['plain']}>{text.slice(0, shownChars)}…</p>
        <div>
          <Button onPress={() => setOpen(true)}>Show all {renderBytes(text.length)}</Button>
        </div>
      </>
    );
  }
  return isMarkdown && form === 'markdown' ? <AnswerText text={text} /> : <p className={styles['plain']}>{text}</p>;
}

function Thinking({ text }: { text: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (text.trim() === '') return <p className={styles['kind']}>Thinking, kept from view by the provider</p>;
  return (
    <details className={styles['fold']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Thinking · {text.trim().slice(0, 200).split('\n')[0]}</summary>
      {isOpen && (
        <div className={`${styles['inner']} ${styles['thought']}`}>
          <TextView text={text} isMarkdown={false} />
        </div>
      )}
    </details>
  );
}

function ToolCard({ call }: { call: ToolCallPart }): ReactNode {
  const input = call.input.length > 0 && call.input.length <= longChars ? (layOutJson(call.input) ?? call.input) : call.input;
  return (
    <div className={styles['tool']}>
      <div className={styles['call']}>
        <span className={styles['kind']}>tool</span>
        <div className={styles['parts']}>
          <span className={styles['name']}>{call.name}</span>
          {input !== '' && input !== '{}' && <RawText text={input} />}
        </div>
      </div>
      {call.result !== null && <Result name={null} isError={call.result.isError} parts={call.result.parts} />}
    </div>
  );
}

const openResultChars = 600;

function Result({ name, isError, parts }: { name: string | null; isError: boolean; parts: readonly Part[] }): ReactNode {
  const size = parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : part.kind === 'raw' ? part.json.length : 0), 0);
  return (
    <div className={styles['result']} data-bad={isError || undefined}>
      <span className={styles['kind']}>result</span>
      <details className={styles['fold']} open={size <= openResultChars}>
        <summary>
          {name !== null && `${name} · `}
          {isError ? 'error' : 'ok'} · {renderBytes(size)}
        </summary>
        <Parts parts={parts} isMarkdown={false} />
      </details>
    </div>
  );
}

/** A part this window does not know: shown as it is. */
function RawPart({ label, json }: { label: string; json: string }): ReactNode {
  return (
    <div className={styles['tool']}>
      <div className={styles['call']}>
        <span className={styles['kind']}>as sent</span>
        <div className={styles['parts']}>
          <span className={styles['name']}>{label}</span>
          <RawText text={json} />
        </div>
      </div>
    </div>
  );
}

function RawText({ text }: { text: string }): ReactNode {
  return text.length > longChars ? <TextView text={text} isMarkdown={false} /> : <pre className={styles['json']}>{text}</pre>;
}
