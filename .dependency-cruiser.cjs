/** The one-way imports of ARCHITECTURE.md: a folder imports only what stands to its left.
 *  protocol <- adapters <- providers <- config, agent; inference imports protocol only. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^${from}/` },
  to: {
    path: '^(agent|adapters|cli|config|downloads|inference|livekit|playground|protocol|providers|voice|contract|tests|bench|examples)/',
    pathNot: `^(${[from, ...allowed].join('|')})(/|\\.ts)`,
  },
});
module.exports = {
  forbidden: [
    only(
      'protocol-is-the-ground',
      'protocol',
      [],
      'protocol/ describes wires and imports nothing of ours',
    ),
    only(
      'downloads-stand-alone',
      'downloads',
      [],
      'downloads/ fetches files and knows nothing of what they are',
    ),
    only(
      'adapters-know-protocol',
      'adapters',
      ['protocol'],
      'adapters/ turn an endpoint into the framework interface',
    ),
    only(
      'providers-know-adapters',
      'providers',
      ['adapters', 'protocol'],
      'providers/ say what can be chosen',
    ),
    only(
      'voice-knows-providers',
      'voice',
      ['providers', 'adapters', 'protocol'],
      'voice/ is speech in and out without LiveKit rooms, over the same adapters',
    ),
    only(
      'examples-use-the-public-parts',
      'examples',
      ['voice', 'providers', 'adapters', 'protocol', 'inference/backends', 'inference/audio'],
      'examples/ show what somebody else can build',
    ),
    only(
      'contract-knows-the-framework',
      'contract',
      [],
      'contract/ tests any stt.STT, tts.TTS or llm.LLM, also of somebody else',
    ),
    only(
      'config-knows-providers',
      'config',
      ['providers', 'adapters', 'protocol', 'inference/inference-env'],
      'config/ assembles the schema from the providers',
    ),
    only(
      'agent-knows-config',
      'agent',
      ['config', 'providers', 'adapters', 'protocol'],
      'agent/ is the worker',
    ),
    only(
      'inference-knows-protocol',
      'inference',
      ['protocol', 'downloads'],
      'inference/ is usable without the agent',
    ),
    only(
      'livekit-knows-downloads',
      'livekit',
      ['downloads'],
      'livekit/ brings and runs the media server',
    ),
    only(
      'playground-stands-alone',
      'playground',
      ['protocol'],
      'playground/ is the page and its token route',
    ),
    {
      name: 'inference-without-livekit',
      severity: 'error',
      comment: 'the endpoint runs on a box that has no agent: no LiveKit package in it',
      from: { path: '^(inference|protocol|downloads)/' },
      to: { path: 'node_modules/@livekit/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
