import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { renderBytes } from '../../ui/render-number.ts';
import type { MediaPart } from './conversation/turn.ts';
import styles from './conversation-tab.module.css';

/** Raster pictures only: an SVG is a document. */
const showable = /^image\/(png|jpeg|gif|webp)$/;

/** A name and a size until it is asked for; what lies elsewhere is never fetched. */
export function MediaView({ media }: { media: MediaPart }): ReactNode {
  const [isShown, setShown] = useState(false);
  const { mediaType, name, bytes, base64, address } = media;
  return (
    <div className={styles['media']}>
      <span>
        {name ?? mediaType}{' '}
        <span className={styles['kind']}>
          {[name === null ? null : mediaType, bytes === null ? null : renderBytes(bytes)].filter(Boolean).join(' · ')}
        </span>
      </span>
      {address !== null && <code>{address.slice(0, 500)}</code>}
      {base64 !== null && showable.test(mediaType) && !isShown && <Button onPress={() => setShown(true)}>Show</Button>}
      {isShown && <img src={`data:${mediaType};base64,${base64}`} alt={name ?? 'Picture of this message'} />}
    </div>
  );
}
