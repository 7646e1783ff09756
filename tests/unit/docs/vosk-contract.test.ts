import '../../support/framework-logger.js';
import { afterAll } from 'vitest';
import { readClip } from '../../../contract/spoken-clip.js';
import { testSTTContract } from '../../../contract/stt-contract.js';
import { VoskSTT } from '../../../examples/vosk-stt.js';
import { startVoskServer } from '../../support/fakes/vosk-server.js';

const clip = readClip('tests/fixtures/question-capital.wav', 'What is the capital of France?');
const server = await startVoskServer(() => ({}), [clip.text]);
afterAll(() => server.stop());
const wsUrl = `ws://127.0.0.1:${server.port}`;

testSTTContract({ name: 'vosk', create: () => new VoskSTT({ wsUrl }), clip, pace: 10 });
