import { setLogLevel } from '/vendor/livekit-client.esm.mjs';
import { Call } from './call.js';
import { LevelView } from './level-view.js';
import { TranscriptView } from './transcript-view.js';
import { TurnView } from './turn-view.js';

// Its info lines tell every step of a healthy call.
setLogLevel('warn');

const find = (id) => document.querySelector(`#${id}`);
const callButton = find('call');
const muteButton = find('mute');
const transcript = new TranscriptView(find('transcript'), find('spoken'));
const turn = new TurnView();
const levels = new LevelView();

const PHASES = {
  idle: 'Not in a call',
  connecting: 'Connecting …',
  waiting: 'Waiting for the agent …',
  talking: 'In a call',
  reconnecting: 'Connection lost, trying again …',
};
const AGENT_STATES = {
  absent: 'Ready when you are',
  initializing: 'The agent is getting ready',
  idle: 'Waiting for you',
  listening: 'Listening',
  thinking: 'Thinking',
  speaking: 'Speaking',
};
const HINTS = {
  connecting: 'If the browser asks for the microphone, allow it.',
  waiting: 'The room is open, the agent is on its way.',
  talking: 'Speak as you would with a person. You can interrupt at any time.',
};

let call;

function showPhase(phase) {
  document.body.dataset.phase = phase;
  find('status').textContent = PHASES[phase];
  callButton.textContent = phase === 'idle' ? 'Start call' : 'End call';
  muteButton.disabled = phase !== 'talking' && phase !== 'waiting';
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

function showMuted(isMuted) {
  muteButton.setAttribute('aria-pressed', String(isMuted));
  find('mute-label').textContent = isMuted ? 'Muted' : 'Mute';
}

function startCall() {
  showProblem(null);
  transcript.clear();
  turn.hide();
  call = new Call({
    phase: showPhase,
    agent: showAgent,
    problem: showProblem,
    text: (piece) => transcript.show(piece),
    turn: (latencies) => turn.show(latencies),
    track: ({ speaker, track }) => levels.watch(speaker, track),
    ended: () => {
      call = undefined;
      transcript.close();
      levels.stop();
      showMuted(false);
      showPhase('idle');
      showAgent('absent');
    },
  });
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
