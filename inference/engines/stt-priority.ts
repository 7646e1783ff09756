/** Who goes first at the recogniser. An utterance that ended is what somebody waits for. */
export const STT_PRIORITY = { interim: 0, clip: 1, endOfUtterance: 2 } as const;
