import type { Metrics } from '@sotto/interface'
import { Counter, Gauge, Registry } from 'prom-client'

/** The relay's figures for Prometheus: counts and sums, never a name of anybody or anything. */
export class RelayMetrics implements Metrics {
  readonly registry: Registry = new Registry()
  readonly #counters = new Map<string, Counter>()

  count(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    let counter = this.#counters.get(name)
    if (counter === undefined) {
      counter = new Counter({
        name: `sotto_relay_${name}_total`,
        help: name.replaceAll('_', ' '),
        labelNames: Object.keys(labels),
        registers: [this.registry],
      })
      this.#counters.set(name, counter)
    }
    counter.inc(labels, by)
  }

  /** A figure that is read when somebody asks for it. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `sotto_relay_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read())
      },
    })
  }
}
