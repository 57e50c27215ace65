// Draws the icons in resources/icons: the toll bar between its two posts. Run it after changing the drawing; the files are
// part of the repository.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { root } from './setup.mjs';

const folder = join(root, 'resources/icons');
const blue = [31, 111, 235];
const white = [255, 255, 255];
const dark = [23, 26, 32];
const red = [214, 48, 38];
/** Points per pixel and direction: edges come out smooth. */
const samples = 4;

/** In the 32 × 32 of src-renderer/public/icon.svg. */
const isGate = (x, y) =>
  (y >= 8 && y < 24 && ((x >= 8 && x < 11) || (x >= 21 && x < 24))) ||
  (x >= 8 && x < 24 && y >= 13.5 - ((x - 8) * 3.5) / 16 && y < 16.7 - ((x - 8) * 3.5) / 16);
const isPlate = (x, y) => {
  const dx = Math.max(7 - x, x - 25, 0);
  const dy = Math.max(7 - y, y - 25, 0);
  return dx * dx + dy * dy <= 49;
};
const isDot = (x, y) => (x - 25) ** 2 + (y - 25) ** 2 <= 36;
/** The bare gate fills a tray's few pixels. */
const enlarge = (shape) => (x, y) => shape(16 + (x - 16) * 0.62, 16 + (y - 16) * 0.62);

const appIcon = (x, y) => (isPlate(x, y) ? (isGate(x, y) ? white : blue) : null);
const trayIcon = (ink) => (x, y) => (enlarge(isGate)(x, y) ? ink : null);
const errorIcon = (x, y) => (isDot(x, y) ? red : appIcon(x, y));

mkdirSync(folder, { recursive: true });
for (const size of [16, 32, 48, 128, 256, 512, 1024]) save(`${size}x${size}`, size, appIcon);
save('icon', 512, appIcon);
for (const [suffix, size] of [
  ['', 16],
  ['@2x', 32],
]) {
  save(`tray${suffix}`, size, trayIcon(dark));
  save(`tray-dark${suffix}`, size, trayIcon(white));
  save(`trayTemplate${suffix}`, size, trayIcon([0, 0, 0]));
  save(`tray-error${suffix}`, size, errorIcon);
}

function save(name, size, colourAt) {
  writeFileSync(join(folder, `${name}.png`), renderPng(size, draw(size, colourAt)));
}

/** RGBA, each row led by its filter byte (none). */
function draw(size, colourAt) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rows.set(blend(x, y, 32 / size, colourAt), y * (size * 4 + 1) + 1 + x * 4);
  }
  return rows;
}

function blend(x, y, unit, colourAt) {
  const sum = [0, 0, 0];
  let hits = 0;
  for (let sample = 0; sample < samples * samples; sample++) {
    const colour = colourAt((x + ((sample % samples) + 0.5) / samples) * unit, (y + (Math.floor(sample / samples) + 0.5) / samples) * unit);
    if (colour === null) continue;
    hits++;
    colour.forEach((part, index) => {
      sum[index] += part;
    });
  }
  return hits === 0 ? [0, 0, 0, 0] : [...sum.map((part) => Math.round(part / hits)), Math.round((hits * 255) / samples ** 2)];
}

function renderPng(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(body.length + 12);
  framed.writeUInt32BE(body.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), body.length + 8);
  return framed;
}
