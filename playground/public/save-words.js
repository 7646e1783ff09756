/* global Blob, URL */
import { FORMATS } from './transcript-formats.js';

/**
 * Offers the words of a call as a file, made in the browser.
 * @param {'txt' | 'srt' | 'vtt' | 'json'} format
 * @param {{segments: object[], startedMs: number}} log
 */
export function saveWords(format, { segments, startedMs }) {
  const { mime, write } = FORMATS[format];
  const url = URL.createObjectURL(new Blob([write(segments, startedMs)], { type: mime }));
  const link = document.createElement('a');
  link.href = url;
  const moment = new Date(startedMs).toISOString().slice(0, 19).replaceAll(':', '-');
  link.download = `earshot-${moment}.${format}`;
  link.click();
  // The browser has taken the file by then; without this it is kept until the page is closed.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
