import { llm } from '@livekit/agents';
import { afterEach, expect, it } from 'vitest';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import { ScriptedHttpServer } from '../../fakes/scripted-http-server.js';

const KEY = 'sk-very-secret-0123456789';
let server: ScriptedHttpServer | undefined;
afterEach(() => server?.stop());

it('a key that a service echoes is in no error of the chain', async () => {
  server = await ScriptedHttpServer.start((response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }));
  });
  const model = ProviderFactory.createLLM({
    provider: 'openai',
    apiKey: KEY,
    baseUrl: `${server.url}/v1`,
  });
  const said: string[] = [];
  model.on('error', ({ error }) => said.push(error.message));
  const chatCtx = llm.ChatContext.empty();
  chatCtx.addMessage({ role: 'user', content: 'Hello?' });
  await model.chat({ chatCtx }).collect();
  expect(said.join(' ')).toContain('Incorrect API key');
  expect(said.join(' ')).not.toContain(KEY);
  await model.aclose();
});
