import type { ReactNode } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './icon.tsx';

export interface IconButtonProps {
  icon: IconName;
  /** Read aloud and shown on hover. */
  label: string;
  onPress: () => void;
  isPressed?: boolean;
}

export function IconButton({ icon, label, onPress, isPressed }: IconButtonProps): ReactNode {
  return (
    <button type="button" className={styles['icon']} aria-label={label} aria-pressed={isPressed} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}
