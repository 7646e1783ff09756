import { ensureFrameworkLogger } from './ensure-framework-logger.js';
import { findProvider, type ProviderKinds } from './find-provider.js';
import { ProviderError } from './provider-error.js';
import type { ProviderConfig, ProviderKind } from './registry.js';

/**
 * The provider itself, without fallbacks and with its errors as they are: for whoever handles them,
 * as `VoiceProvider` and the contract do. A session wants `ProviderFactory`.
 *
 * @throws {ProviderError} for an unknown provider or options that do not fit it
 */
export const createProvider = <Kind extends ProviderKind>(
  kind: Kind,
  config: ProviderConfig<Kind>,
): ProviderKinds[Kind]['instance'] => {
  const { provider, ...options } = config;
  const definition = findProvider(kind, provider);
  const parsed = definition.options.safeParse(options);
  if (parsed.success) {
    ensureFrameworkLogger();
    return definition.create(parsed.data);
  }
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new ProviderError(
    'invalid-options',
    `The ${kind.toUpperCase()} provider "${provider}" cannot be used as configured: ${problems.join('; ')}.`,
  );
};
