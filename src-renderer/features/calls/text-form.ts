import { createContext } from 'react';

export type TextForm = 'markdown' | 'plain';

/** How the texts of a conversation are shown. */
export const TextFormContext = createContext<TextForm>('markdown');
