import type { Stage } from '../peers/stage.ts'

/** What a scenario found out, for its last line. */
export type Figures = Readonly<Record<string, string | number | boolean>>

/** Something that happens between real processes. It throws as soon as something is not as it must be. */
export interface Scenario {
  /** One line for `list`. */
  readonly about: string
  /** Sizes that it is played with when nobody asks for others; without, it has none. */
  readonly sizes?: readonly number[]
  play(stage: Stage, sizes?: readonly number[]): Promise<Figures>
}

/** A scenario that was played to its end, and in which something was not as it must be. */
export class NotHeld extends Error {
  readonly figures: Figures

  constructor(message: string, figures: Figures) {
    super(message)
    this.name = 'NotHeld'
    this.figures = figures
  }
}
