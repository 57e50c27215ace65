import type { ReactNode } from 'react';
import styles from './button.module.css';

export interface ButtonProps {
  children: ReactNode;
  onPress?: () => void;
  kind?: 'plain' | 'primary' | 'danger';
  type?: 'button' | 'submit';
  isDisabled?: boolean;
  /** Shown as being at work; cannot be pressed meanwhile. */
  isBusy?: boolean;
  title?: string;
}

export function Button({
  children,
  onPress,
  kind = 'plain',
  type = 'button',
  isDisabled = false,
  isBusy = false,
  title,
}: ButtonProps): ReactNode {
  return (
    <button
      type={type}
      className={styles['button']}
      data-kind={kind}
      disabled={isDisabled || isBusy}
      aria-busy={isBusy || undefined}
      onClick={onPress}
      title={title}
    >
      {children}
    </button>
  );
}
