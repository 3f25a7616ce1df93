import { commit } from '../commit.ts'
import type { GroupEngine } from '../engine.ts'
import { found } from '../found.ts'
import { generationOf } from '../generation.ts'
import { join } from '../join.ts'
import { createKeyPackage, welcomeRefs } from '../key-package.ts'
import { open, seal } from '../message.ts'
import { processCommit } from '../process-commit.ts'
import { decodeState, encodeState } from '../state-codec.ts'
import { roster, type EpochState } from '../state.ts'
import type { Group } from './group.ts'

/** The product's engine behind the interface that the symbolic one shares. */
export function realGroup(engine: GroupEngine): Group<EpochState> {
  return {
    createKeyPackage: (init) => createKeyPackage(engine, init),
    found: (init) => found(engine, init),
    commit: (state, change, options) => commit(engine, state, change, options),
    processCommit: (parent, bytes, options) => processCommit(engine, parent, bytes, options),
    join: (init) => join(engine, init),
    welcomeRefs,
    seal: (state, plaintext, options) => seal(engine, state, plaintext, options),
    open: (state, message) => open(engine, state, message),
    roster,
    generationOf: (state) => generationOf(engine, state),
    encodeState,
    decodeState,
  }
}
