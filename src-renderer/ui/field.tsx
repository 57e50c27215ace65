import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react';
import styles from './field.module.css';

interface FieldFrame {
  label: string;
  /** What it means, or what to do, below the input. */
  hint?: ReactNode;
  error?: string | null;
}

/** Label, input, and what is wrong with it. */
export function TextField({ label, hint, error, ...input }: FieldFrame & InputHTMLAttributes<HTMLInputElement>): ReactNode {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-invalid={error ? true : undefined} aria-describedby={`${id}-note`} {...input} />
      <p id={`${id}-note`} className={styles['note']} data-bad={error ? true : undefined}>
        {error ?? hint}
      </p>
    </div>
  );
}

export function SelectField({
  label,
  hint,
  options,
  ...select
}: FieldFrame & { options: readonly { value: string; label: string }[] } & SelectHTMLAttributes<HTMLSelectElement>): ReactNode {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} aria-describedby={`${id}-note`} {...select}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <p id={`${id}-note`} className={styles['note']}>
        {hint}
      </p>
    </div>
  );
}
