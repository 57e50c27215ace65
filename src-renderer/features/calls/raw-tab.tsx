import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { CallBodies, CallDetail } from '../../../src-main/contract/entities.ts';
import { bodiesQuery } from '../../api/queries.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { renderBytes } from '../../ui/render-number.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './call-detail.module.css';
import { renderCurl, renderPath, renderPython, renderTypeScript } from './copy-as.ts';
import { layOutJson } from './lay-out-json.ts';
import { NotRecorded } from './not-recorded.tsx';
import { readableBody } from './readable-body.ts';

const sides = {
  request: 'Request',
  response: 'Reply',
  upstreamRequest: 'Request to provider',
  upstreamResponse: 'Provider’s reply',
} as const;
type Side = keyof typeof sides;

export function RawTab({ call }: { call: CallDetail }): ReactNode {
  const [side, setSide] = useState<Side>('request');
  const { data: bodies, error, refetch } = useQuery(bodiesQuery(call.id));
  if (error !== null)
    return (
      <ErrorState title="The bodies cannot be read" cause={error.message} action={{ label: 'Try again', run: () => void refetch() }} />
    );
  if (bodies === undefined) return <Skeleton />;
  const recorded = (Object.keys(sides) as Side[]).filter((name) => bodies[name] !== null);
  const shown = recorded.includes(side) ? side : recorded[0];
  if (shown === undefined) return <NotRecorded status={call.status} />;
  const copied = readableBody(bodies, 'request');
  return (
    <>
      <div className={styles['tools']}>
        <Segmented
          label="Which text"
          value={shown}
          options={recorded.map((value) => ({ value, label: sides[value] }))}
          onChange={setSide}
        />
        {copied !== null && <CopyAs call={call} body={copied} />}
      </div>
      <Body key={shown} bodies={bodies} side={shown} />
    </>
  );
}

/** Laying out more than this would hold up the window. */
const maxLayoutChars = 5_000_000;

function Body({ bodies, side }: { bodies: CallBodies; side: Side }): ReactNode {
  const text = bodies[side] ?? '';
  const isBinary = bodies[`${side}Encoding`] === 'base64';
  const [form, setForm] = useState<'exact' | 'laid-out'>('exact');
  const bytes = useMemo(() => new Blob([text]).size, [text]);
  const laidOut = useMemo(() => (form === 'laid-out' ? layOutJson(text) : null), [form, text]);
  const canLayOut = !isBinary && text.length < maxLayoutChars && /^\s*[{[]/.test(text.slice(0, 50));
  return (
    <>
      <CodeView
        text={laidOut ?? text}
        label={sides[side].toLowerCase()}
        tools={
          canLayOut && (
            <Segmented
              label="Form"
              value={form}
              options={[
                { value: 'exact', label: 'Exact' },
                { value: 'laid-out', label: 'Laid out' },
              ]}
              onChange={setForm}
            />
          )
        }
      />
      <p className={styles['dim']}>
        {isBinary ? `Not text: its bytes in base64, ${renderBytes(Math.floor((text.length * 3) / 4))}.` : describe(form, bytes)}
      </p>
    </>
  );
}

function describe(form: string, bytes: number): string {
  if (form !== 'exact') return 'Laid out for reading; not as it went over the wire.';
  return `As it went over the wire, ${renderBytes(bytes)}. Long lines are turned for reading; what you copy is exact.`;
}

/** A longer one is no command any more. */
const maxCopyChars = 1_000_000;

function CopyAs({ call, body }: { call: CallDetail; body: string }): ReactNode {
  const path = renderPath(call);
  const commands = useMemo(() => {
    if (path === null || body.length > maxCopyChars) return null;
    const request = { origin: location.origin, path, body };
    return { curl: renderCurl(request), Python: renderPython(request), TypeScript: renderTypeScript(request) };
  }, [path, body]);
  if (commands === null) return null;
  return Object.entries(commands).map(([name, text]) => <CopyButton key={name} text={text} label={name} />);
}
