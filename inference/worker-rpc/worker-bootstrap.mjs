// Node 20 does not carry tsx's loader into a worker's entry file: this registers it, then loads the entry.
// Only used when the project runs from its sources; the compiled build starts its workers directly.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
