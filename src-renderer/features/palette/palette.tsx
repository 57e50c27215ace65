import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { providersQuery, tagsQuery, usedModelsQuery } from '../../api/queries.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';
import { type Destination, listModels, listTags, settingsSections } from './destinations.ts';
import { FoundCalls } from './found-calls.tsx';
import styles from './palette.module.css';

export interface PaletteProps {
  pages: readonly (Destination & { icon: IconName })[];
  onGo: (path: string) => void;
  onClose: () => void;
}

/** One field that leads everywhere: pages and settings by name, calls by what was said in them, models and tags to their calls. */
export function Palette({ pages, onGo, onClose }: PaletteProps): ReactNode {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const providers = useQuery(providersQuery);
  const used = useQuery(usedModelsQuery);
  const tags = useQuery(tagsQuery);
  // The first of the list is chosen when it appears; what came before the names are known would stay chosen.
  const isReady = !providers.isPending && !used.isPending && !tags.isPending;
  // Opening the dialog puts the focus elsewhere.
  useEffect(() => field.current?.focus(), []);
  const go = (path: string): void => {
    onClose();
    onGo(path);
  };
  const words = text.trim();
  return (
    <Modal title="Search" onClose={onClose} isSearch>
      <Command label="Search" loop className={styles['palette'] ?? ''}>
        <div className={styles['field']}>
          <Icon name="search" />
          <Command.Input ref={field} value={text} onValueChange={setText} placeholder="Calls, models, tags, settings" maxLength={1000} />
        </div>
        <Command.List className={styles['list'] ?? ''}>
          <Places heading="Go to" icon={null} places={pages} onGo={go} />
          {words !== '' && isReady && (
            <>
              <Places heading="Calls of a model" icon="calls" places={listModels(used.data, providers.data)} onGo={go} />
              <Places heading="Calls with a tag" icon="filter" places={listTags(tags.data)} onGo={go} />
              <Places heading="Settings" icon="settings" places={settingsSections} onGo={go} />
              <FoundCalls words={words} onGo={go} />
            </>
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}

interface PlacesProps {
  heading: string;
  /** null = each has its own. */
  icon: IconName | null;
  places: readonly (Destination & { icon?: IconName })[];
  onGo: (path: string) => void;
}

function Places({ heading, icon, places, onGo }: PlacesProps): ReactNode {
  if (places.length === 0) return null;
  return (
    <Command.Group heading={heading} className={styles['group'] ?? ''}>
      {places.map(({ path, name, icon: own }) => (
        <Command.Item key={path} value={`${heading} ${name}`} className={styles['item'] ?? ''} onSelect={() => onGo(path)}>
          <Icon name={own ?? icon ?? 'chevron'} />
          <span>{name}</span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
