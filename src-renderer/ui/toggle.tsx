import { type ReactNode, useId } from 'react';
import styles from './toggle.module.css';

/** On or off, with a line on what that means. */
export function Toggle({
  label,
  note,
  isOn,
  isDisabled = false,
  onChange,
}: {
  label: string;
  note?: ReactNode;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className={styles['toggle']}>
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {note !== undefined && <p id={`${id}-note`}>{note}</p>}
    </div>
  );
}
