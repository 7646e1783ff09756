import { setLogLevel } from '/vendor/livekit-client.esm.mjs';
import { Call } from './call.js';
import { DeviceView, NO_MICROPHONE } from './device-view.js';
import { LevelView } from './level-view.js';
import { ProviderView } from './provider-view.js';
import { saveWords } from './save-words.js';
import { SetupView } from './setup-view.js';
import { TimelineView } from './timeline-view.js';
import { TranscriptLog } from './transcript-log.js';
import { TranscriptView } from './transcript-view.js';
import { AGENT_STATES, HINTS, PHASES } from './words.js';

// Its info lines tell every step of a healthy call.
setLogLevel('warn');

const find = (id) => document.querySelector(`#${id}`);
const callButton = find('call');
const muteButton = find('mute');
const transcript = new TranscriptView(find('transcript'), find('spoken'));
const timeline = new TimelineView();
const levels = new LevelView();
const providers = new ProviderView();
const setup = new SetupView((mode) => {
  if (call) return;
  showMode(mode);
  providers.show(setup.plan);
});
const devices = new DeviceView({
  microphone: (id) => void call?.useMicrophone(id).catch(deviceProblem),
  speaker: (id) => void call?.useSpeaker(id).catch(deviceProblem),
});

let call;
let log = new TranscriptLog();
let lastWords = '';
let lastReply = '';
let written = 0;

function showMode(mode) {
  document.body.dataset.mode = mode;
  if (!call) find('hint').replaceChildren(...HINTS[mode].map(emphasis));
}

function showPhase(phase) {
  const isIn = phase === 'talking' || phase === 'waiting';
  document.body.dataset.phase = phase;
  find('status').textContent = PHASES[phase];
  callButton.textContent = phase === 'idle' ? 'Start call' : 'End call';
  muteButton.disabled = !isIn || devices.microphone === NO_MICROPHONE;
  find('chat').hidden = phase !== 'talking' || document.body.dataset.mode === 'transcription';
  setup.lock(phase !== 'idle');
  if (HINTS[phase]) find('hint').textContent = HINTS[phase];
  if (phase === 'connecting' || phase === 'waiting') find('agent-state').textContent = 'One moment';
}

function showAgent(state) {
  document.body.dataset.agent = state;
  find('agent-state').textContent = AGENT_STATES[state] ?? state;
}

function showProblem(problem) {
  find('problem').hidden = problem === null;
  find('problem-title').textContent = problem?.title ?? '';
  find('problem-text').textContent = problem?.message ?? '';
  if (problem?.cause) console.warn(problem.title, problem.cause);
}

function deviceProblem(error) {
  showProblem({
    title: 'The device cannot be used',
    message: `The browser says: ${error.message}`,
  });
}

function showMuted(isMuted) {
  muteButton.setAttribute('aria-pressed', String(isMuted));
  find('mute-label').textContent = isMuted ? 'Muted' : 'Mute';
}

function showText(piece) {
  const name = { you: 'You', agent: 'Agent' }[piece.speaker] ?? piece.identity;
  transcript.show({ ...piece, name });
  log.add({ ...piece, name });
  if (piece.speaker === 'agent') lastReply = piece.id;
  else if (piece.isFinal) lastWords = piece.text;
}

function showTurn(turn) {
  timeline.add(turn, lastWords);
  lastWords = '';
  if (!turn.interrupted) return;
  transcript.markInterrupted(lastReply);
  log.markInterrupted(lastReply);
}

function startCall() {
  showProblem(null);
  transcript.clear();
  timeline.clear();
  providers.clear();
  log = new TranscriptLog();
  call = new Call(
    {
      phase: showPhase,
      agent: showAgent,
      problem: showProblem,
      text: showText,
      turn: showTurn,
      plan: (plan) => {
        providers.show(plan);
        showMode(plan.mode);
        showPhase(document.body.dataset.phase);
      },
      provider: (change) => {
        const sentence = providers.change(change);
        if (sentence) transcript.note(sentence);
      },
      track: ({ speaker, track }) => {
        levels.watch(speaker, track);
        void devices.refresh();
      },
      ended: () => {
        call = undefined;
        transcript.close();
        levels.stop();
        showMuted(false);
        showPhase('idle');
        showAgent('absent');
      },
    },
    { choice: setup.choice, microphone: devices.microphone, speaker: devices.speaker },
  );
  void call.start();
}

callButton.addEventListener('click', () => {
  if (call) void call.end();
  else startCall();
});

muteButton.addEventListener('click', () => {
  const isMuted = muteButton.getAttribute('aria-pressed') !== 'true';
  showMuted(isMuted);
  void call?.mute(isMuted);
});

find('chat').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = find('chat-text').value.trim();
  if (!call || text === '') return;
  call.write(text).then(
    () => {
      written += 1;
      find('chat-text').value = '';
      showText({ speaker: 'you', id: `written-${written}`, text, isFinal: true });
    },
    (error) => showProblem({ title: 'The text was not sent', message: error.message }),
  );
});

find('panel-toggle').addEventListener('click', () => {
  const isOpen = document.body.dataset.panel !== 'open';
  document.body.dataset.panel = isOpen ? 'open' : 'closed';
  find('panel-toggle').setAttribute('aria-expanded', String(isOpen));
});

document.querySelector('.save').addEventListener('click', ({ target }) => {
  if (target.dataset.format) saveWords(target.dataset.format, log);
});

function emphasis(part) {
  if (typeof part === 'string') return part;
  const strong = document.createElement('strong');
  strong.textContent = part.strong;
  return strong;
}

await Promise.all([setup.load(), devices.refresh()]);
