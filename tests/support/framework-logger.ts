import { initializeLogger } from '@livekit/agents';

/** The framework's classes refuse to work before its logger exists. Import for the side effect. */
initializeLogger({ pretty: false, level: process.env.TEST_LOG_LEVEL ?? 'silent' });
