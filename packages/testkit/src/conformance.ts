/** One promise of a port, for any test runner. */
export interface Check {
  readonly name: string
  run(): Promise<void>
}

type Checks<P> = Readonly<Record<string, (place: P) => Promise<void>>>

/** These checks, each in a new place that `make` gives. */
export function checksIn<P extends { dispose(): Promise<void> }>(
  name: string,
  make: () => Promise<P>,
  checks: Checks<P>,
): readonly Check[] {
  return Object.entries(checks).map(([check, body]) => ({
    name: `${name}: ${check}`,
    async run() {
      const place = await make()
      try {
        await body(place)
      } finally {
        await place.dispose()
      }
    },
  }))
}
