import { Room, RoomEvent, Track, createLocalAudioTrack } from '/vendor/livekit-client.esm.mjs';
import {
  Problem,
  agentLeftProblem,
  agentMissingProblem,
  connectionProblem,
  disconnectProblem,
  insecurePageProblem,
  microphoneProblem,
} from './problem.js';
import { NO_MICROPHONE } from './device-view.js';
import { readHealth } from './read-health.js';
import { receiveText } from './receive-text.js';
import { requestToken } from './request-token.js';

/** An idle worker joins within a second; after this long something is wrong and worth saying. */
const AGENT_JOINS_WITHIN_MS = 15_000;
const AGENT_STATE = 'lk.agent.state';
const PROVIDERS = 'earshot.providers';
/** Topic on which the framework takes text for the agent. */
const CHAT = 'lk.chat';

/**
 * One call. Events by `on`:
 * `phase` 'connecting' | 'waiting' (for the agent) | 'talking' | 'reconnecting'; `agent` its state;
 * `text` {speaker, identity, id, text, isFinal, fromMs?, toMs?}; `turn` latencies; `provider` a change of provider;
 * `plan` who does what; `track` {track, speaker} to be measured;
 * `problem` a Problem or null when it passed; `ended`, once, whatever the reason.
 */
export class Call {
  #on;
  #wants;
  #room = new Room({ disconnectOnPageLeave: true });
  #microphone;
  #agentTimer;
  #plan;
  #ended = false;

  /**
   * @param {Record<string, (detail?: any) => void>} on
   * @param {{choice?: Record<string, string>, microphone: string, speaker: string}} wants devices by id; empty: the
   *   system's choice
   */
  constructor(on, wants) {
    this.#on = on;
    this.#wants = wants;
  }

  /** Resolves when the room is joined, or the call ended before. Problems come as events. */
  async start() {
    try {
      this.#on.phase('connecting');
      if (this.#wants.microphone !== NO_MICROPHONE) {
        this.#microphone = await openMicrophone(this.#wants.microphone);
      }
      if (this.#ended) return this.#microphone?.stop();
      await this.#join(await requestToken(this.#wants.choice));
    } catch (error) {
      if (this.#ended) return;
      this.#on.problem(error instanceof Problem ? error : connectionProblem(error, 'The server'));
      await this.end();
    }
  }

  /** @param {boolean} isMuted */
  async mute(isMuted) {
    await (isMuted ? this.#microphone?.mute() : this.#microphone?.unmute());
  }

  /** @param {string} text for the agent, which answers as if it had been said */
  async write(text) {
    await this.#room.localParticipant.sendText(text, { topic: CHAT });
  }

  /** @param {string} deviceId empty: the system's choice */
  async useMicrophone(deviceId) {
    if (this.#microphone && deviceId !== NO_MICROPHONE) {
      await this.#microphone.setDeviceId(deviceId || 'default');
    }
  }

  /** @param {string} deviceId empty: the system's choice */
  async useSpeaker(deviceId) {
    await this.#room.switchActiveDevice('audiooutput', deviceId || 'default');
  }

  /** Hangs up. May be called at any time, and again. */
  async end() {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#agentTimer);
    this.#microphone?.stop();
    this.#on.ended();
    await this.#room.disconnect();
  }

  async #join({ url, token, identity }) {
    if (this.#ended) return;
    const room = this.#room;
    this.#listen(identity);
    try {
      // Without servers of the internet to ask: the media server is on this machine or next to it.
      await room.connect(url, token, { rtcConfig: { iceServers: [] }, maxRetries: 1 });
    } catch (error) {
      throw connectionProblem(error, url);
    }
    if (this.#ended) return;
    // Only now: a failed attempt to connect is a "disconnect" as well, and has better words of its own.
    room.on(RoomEvent.Disconnected, (reason) => this.#endWith(disconnectProblem(reason)));
    this.#on.phase('waiting');
    this.#agentTimer = setTimeout(() => void this.#tellAgentMissing(), AGENT_JOINS_WITHIN_MS);
    for (const participant of room.remoteParticipants.values()) this.#meet(participant);
    if (this.#wants.speaker) await this.useSpeaker(this.#wants.speaker).catch(() => undefined);
    if (!this.#microphone) return;
    this.#on.track({ track: this.#microphone, speaker: 'you' });
    await room.localParticipant.publishTrack(this.#microphone, { source: Track.Source.Microphone });
  }

  #listen(identity) {
    const room = this.#room;
    receiveText(room, identity, this.#on);
    room.on(RoomEvent.ParticipantConnected, (participant) => this.#meet(participant));
    room.on(RoomEvent.ParticipantAttributesChanged, (_changed, participant) =>
      this.#meet(participant),
    );
    room.on(RoomEvent.ParticipantDisconnected, (participant) => {
      if (participant.isAgent) this.#endWith(agentLeftProblem());
    });
    room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
      if (track.kind !== Track.Kind.Audio) return;
      document.body.append(track.attach());
      if (participant.isAgent) this.#on.track({ track, speaker: 'agent' });
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => {
      track.detach().forEach((element) => element.remove());
    });
    room.on(RoomEvent.Reconnecting, () => this.#on.phase('reconnecting'));
    room.on(RoomEvent.Reconnected, () => this.#on.phase(this.#hasAgent() ? 'talking' : 'waiting'));
  }

  #meet(participant) {
    if (!participant.isAgent || this.#ended) return;
    clearTimeout(this.#agentTimer);
    this.#on.problem(null);
    this.#on.phase('talking');
    this.#on.agent(participant.attributes[AGENT_STATE] ?? 'initializing');
    if (participant.attributes[PROVIDERS]) this.#readPlan(participant.attributes[PROVIDERS]);
  }

  #readPlan(json) {
    if (json === this.#plan) return;
    this.#plan = json;
    try {
      this.#on.plan(JSON.parse(json));
    } catch (error) {
      console.warn('Who does what could not be read', error);
    }
  }

  async #tellAgentMissing() {
    const reason = await readHealth();
    if (!this.#ended && !this.#hasAgent()) this.#on.problem(agentMissingProblem(reason));
  }

  #hasAgent() {
    return [...this.#room.remoteParticipants.values()].some((participant) => participant.isAgent);
  }

  #endWith(problem) {
    if (this.#ended) return;
    this.#on.problem(problem);
    void this.end();
  }
}

async function openMicrophone(deviceId) {
  if (!navigator.mediaDevices) throw insecurePageProblem();
  try {
    return await createLocalAudioTrack({
      // Not "exact": one that was unplugged since is no reason not to talk.
      ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    });
  } catch (error) {
    throw microphoneProblem(error);
  }
}
