import { type ReactNode, useState } from 'react';
import { readTheme, saveTheme, type Theme } from '../../app/theme.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Hint, Row } from '../../ui/stack.tsx';

const options: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme): void => {
    saveTheme(next);
    setTheme(next);
  };
  return (
    <Row>
      <Segmented label="Colours" value={theme} options={options} onChange={choose} />
      <Hint>For this window only.</Hint>
    </Row>
  );
}
