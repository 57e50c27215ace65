import type { ReactNode } from 'react';

/** Drawn on a grid of 16, strokes of 1.5. */
const paths = {
  overview: 'M2.5 13.5V8M6.2 13.5V3M9.9 13.5V6.5M13.5 13.5V9.5',
  calls: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  connect: 'M6 10 10 6M5 7 3.5 8.5a2.5 2.5 0 0 0 3.5 3.5L8.5 10.5M7.5 5.5 9 4a2.5 2.5 0 0 1 3.5 3.5L11 9',
  providers: 'M3 3.5h10v4H3zM3 9h10v4H3zM5.5 5.5h.01M5.5 11h.01',
  keys: 'M10.5 2.5a3 3 0 1 1-2.3 4.9L3 12.5v1h2v-1.5h1.5V10.5L8.2 8.9',
  settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3',
  sidebar: 'M2.5 3h11v10h-11zM6 3v10',
  copy: 'M5.5 5.5h7.5v8H5.5zM10.5 5.5V2.5H3v8h2.5',
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 13.5 13.5',
  filter: 'M2.5 3.5h11L9.5 8.5v4.5l-3-1.5v-3z',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2h.01',
  external: 'M9.5 3H13v3.5M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  download: 'M8 2.5v7.5M4.5 7 8 10.5 11.5 7M3 13.5h10',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5 5 13.5h6l.5-9',
  play: 'M5 3.5 12.5 8 5 12.5z',
  chevron: 'M6 4l4 4-4 4',
  plus: 'M8 3v10M3 8h10',
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside a word, or inside a control that has a name. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d={paths[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
