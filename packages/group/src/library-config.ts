import type { AuthenticationService } from 'ts-mls/authenticationService.js'
import type { ClientConfig } from 'ts-mls/clientConfig.js'
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js'
import { isBoundedCommit, isBoundedTree } from './bounds.ts'
import { FORWARD_STEPS, SKIPPED_KEYS } from './limits.ts'

const NOBODY: AuthenticationService = { validateCredential: async () => false }

/**
 * How we want the library to behave. It keeps no past epochs: we hold epochs ourselves, by their id. It adds no
 * padding: the envelope pads. It does not look at lifetimes: those are checked against the caller's clock.
 */
export function libraryConfig(authService: AuthenticationService = NOBODY): ClientConfig {
  return {
    authService,
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    keyRetentionConfig: {
      retainKeysForGenerations: SKIPPED_KEYS,
      retainKeysForEpochs: 0,
      maximumForwardRatchetSteps: FORWARD_STEPS,
    },
    lifetimeConfig: {
      maximumTotalLifetime: 0n,
      validateLifetimeOnReceive: false,
    },
    isBoundedCommit,
    isBoundedTree,
    paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
  }
}
