import type { ReactNode } from 'react';
import { type CallFilter, withParam } from './call-filter.ts';

const hourMs = 3_600_000;
const spans = [
  ['hour', 'Last hour', hourMs],
  ['day', 'Last 24 hours', 24 * hourMs],
  ['week', 'Last 7 days', 7 * 24 * hourMs],
  ['month', 'Last 30 days', 30 * 24 * hourMs],
] as const;
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

interface TimeChoiceProps {
  filter: CallFilter;
  params: URLSearchParams;
  onChange: (next: URLSearchParams) => void;
}

/** A span is written down as the moment it began, so that a link shows the same calls tomorrow. */
export function TimeChoice({ filter, params, onChange }: TimeChoiceProps): ReactNode {
  const { from, to } = filter;
  const isOn = from !== null || to !== null;
  const choose = (name: string): void => {
    const span = spans.find(([known]) => known === name);
    const next = withParam(withParam(params, 'to', null), 'from', span === undefined ? null : String(Date.now() - span[2]));
    onChange(next);
  };
  const current = [from === null ? null : `from ${day.format(from)}`, to === null ? null : `to ${day.format(to)}`]
    .filter(Boolean)
    .join(' ');
  return (
    <select aria-label="Time" data-on={isOn || undefined} value={isOn ? 'set' : ''} onChange={(event) => choose(event.target.value)}>
      <option value="">Any time</option>
      {isOn && <option value="set">{current}</option>}
      {spans.map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}
