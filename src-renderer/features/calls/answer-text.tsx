import { type ReactNode, useCallback, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { MarkdownView } from '../../ui/markdown-view.tsx';
import { Modal, ModalActions } from '../../ui/modal.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { openLink } from './open-link.ts';

interface UnopenedLink {
  url: string;
  why: string;
}

/** What a model wrote. A link of it that is not opened is named, to be read and copied. */
export function AnswerText({ text }: { text: string }): ReactNode {
  const [unopened, setUnopened] = useState<UnopenedLink | null>(null);
  const open = useCallback((url: string) => {
    void openLink(url).then((why) => {
      if (why !== null) setUnopened({ url, why });
    });
  }, []);
  const close = (): void => setUnopened(null);
  return (
    <>
      <MarkdownView text={text} onOpen={open} />
      {unopened !== null && (
        <Modal title="This link was not opened" onClose={close}>
          <p>{unopened.why} Copy the address to open it yourself.</p>
          <Snippet label="address" text={unopened.url} />
          <ModalActions>
            <Button onPress={close}>Close</Button>
          </ModalActions>
        </Modal>
      )}
    </>
  );
}
