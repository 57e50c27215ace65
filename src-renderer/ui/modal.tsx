import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import styles from './modal.module.css';

export interface ModalProps {
  title: string;
  onClose: () => void;
  /** A search: high up, its title only for those who do not see it, closed by a click beside it. */
  isSearch?: boolean;
  children: ReactNode;
}

/** A dialog over the page: the platform keeps the focus in it and closes it on Escape. */
export function Modal({ title, onClose, isSearch = false, children }: ModalProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the element leaves the page: closing it gives the focus back to where it was.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key is Escape, which the platform turns into "cancel"
    <dialog
      ref={ref}
      className={isSearch ? styles['search'] : styles['modal']}
      aria-labelledby={id}
      onClick={(event) => isSearch && event.target === ref.current && onClose()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

export function ModalActions({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['actions']}>{children}</div>;
}
