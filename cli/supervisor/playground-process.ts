/**
 * The page's process under `npm start`. It is told its settings as JSON on standard input, because reading the
 * configuration means loading every provider and the agents framework: two seconds and 100 MB for a web page.
 */
import { text } from 'node:stream/consumers';
import { listenPlayground, type PlaygroundSettings } from '../../playground/listen-playground.js';

await listenPlayground(JSON.parse(await text(process.stdin)) as PlaygroundSettings);
