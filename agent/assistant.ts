import { voice } from '@livekit/agents';
import type { AppConfig } from '../config/load-config.js';
import { findProvider } from '../providers/find-provider.js';
import { currentTime } from './tools/current-time.js';
import { endCall } from './tools/end-call.js';

/**
 * The agent of a call: its instructions, and the example tools where the chosen model can call
 * tools (a very small one would call them at random).
 */
export const createAssistant = (config: AppConfig): voice.Agent => {
  const { toolCalls } = findProvider('llm', config.llm.provider).capabilities;
  return new voice.Agent({
    instructions: config.agent.instructions,
    tools: toolCalls ? [currentTime(), endCall()] : [],
  });
};
