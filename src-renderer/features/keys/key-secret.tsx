import type { ReactNode } from 'react';
import type { CreatedCallerKey } from '../../product/use-create-key.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import styles from './keys.module.css';

export function KeySecret({ created, onClose }: { created: CreatedCallerKey; onClose: () => void }): ReactNode {
  return (
    <Modal title={`The key “${created.key.name}”`} onClose={onClose}>
      <p>Copy it now: it is shown this once and cannot be read again. If it gets lost, revoke it and make another.</p>
      <code className={styles['secret']}>{created.secret}</code>
      <ModalActions>
        <CopyButton text={created.secret} label="Copy the key" />
        <Button kind="primary" onPress={onClose}>
          Done
        </Button>
      </ModalActions>
    </Modal>
  );
}
