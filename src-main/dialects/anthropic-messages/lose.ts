/** Records what the vendor cannot say. */
export type Lose = (path: string, reason: string) => void;
