/** Every digit of an amount in pico-dollars (1e-12 USD): "$0.0000375". Null when it is no whole number. */
export function renderPicoUsd(pico: string): string | null {
  if (!/^\d+$/.test(pico)) return null;
  const digits = pico.padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '').padEnd(2, '0');
  return `$${digits.slice(0, -12).replace(/^0+(?=\d)/, '')}.${fraction}`;
}
