import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

const shownMs = 1_500;

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, isBrief = false }: { text: string; label: string; isBrief?: boolean }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <>
      {isBrief ? (
        <IconButton icon={isCopied ? 'check' : 'copy'} label={label} onPress={copy} />
      ) : (
        <Button onPress={copy}>
          <Icon name={isCopied ? 'check' : 'copy'} />
          {label}
        </Button>
      )}
      <span className="spoken" role="status">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  );
}
