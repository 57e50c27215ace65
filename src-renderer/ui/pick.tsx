import { type ReactNode, useId } from 'react';
import styles from './pick.module.css';

export interface PickOption<Value extends string> {
  value: Value;
  label: string;
  /** What choosing it means; with it, options stand below each other. */
  note?: string;
}

/** A choice of several that wraps. Radio buttons underneath, so arrow keys move in it. */
export function Pick<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly PickOption<Value>[];
  onChange: (value: Value) => void;
}): ReactNode {
  const name = useId();
  const hasNotes = options.some(({ note }) => note !== undefined);
  return (
    <fieldset className={styles['pick']} data-notes={hasNotes || undefined}>
      <legend className="spoken">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            {option.label}
            {option.note !== undefined && <small>{option.note}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
