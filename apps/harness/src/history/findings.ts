export const RULES = ['lost', 'twice', 'order', 'ticks', 'rosters', 'devices'] as const
export type RuleName = (typeof RULES)[number]

/** What a history must not contain, in one sentence. */
export interface Violation {
  readonly rule: RuleName
  readonly sentence: string
}

/** What one rule looked at and what it found. The number of looks shows that a rule did not hold for want of anything to look at. */
export class Findings {
  readonly violations: Violation[] = []
  readonly #rule: RuleName
  #looks = 0

  constructor(rule: RuleName) {
    this.#rule = rule
  }

  get looks(): number {
    return this.#looks
  }

  /** Notes a violation unless `holds`. */
  expect(holds: boolean, sentence: () => string): void {
    this.#looks += 1
    if (!holds) this.violations.push({ rule: this.#rule, sentence: sentence() })
  }
}

/** Enough of a text to know it by. */
export function quote(text = ''): string {
  const most = 24
  return `"${text.length > most ? `${text.slice(0, most)}…` : text}"`
}
