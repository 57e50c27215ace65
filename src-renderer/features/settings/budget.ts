/** In the form, as dollars; an empty field is no budget. */
export function fillBudget(nanoUsd: number | null): string {
  if (nanoUsd === null) return '';
  const digits = String(nanoUsd).padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction.padEnd(2, '0')}`}`;
}

/** What the gateway would take, or what is wrong. */
export function parseBudget(text: string): { nanoUsd: number | null; problem: string | null } {
  const trimmed = text.trim();
  if (trimmed === '') return { nanoUsd: null, problem: null };
  const match = /^\$?(\d{1,6})(?:\.(\d{1,9}))?$/.exec(trimmed);
  const nanoUsd = match === null ? 0 : Number(match[1]) * 1_000_000_000 + Number((match[2] ?? '').padEnd(9, '0'));
  return nanoUsd > 0 ? { nanoUsd, problem: null } : { nanoUsd: null, problem: 'An amount in dollars, such as 10 or 2.50, or nothing.' };
}
