import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TabChannel } from './channel.ts'
import { follow } from './follow.ts'
import type { TabMessage } from './messages.ts'
import { nothingToShow } from './nothing-to-show.ts'
import { TabClient } from './tab-client.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Channels of some tabs: what one says, the others hear at once. */
function line(): () => TabChannel {
  const tabs: Set<(message: TabMessage) => void>[] = []
  return () => {
    const own = new Set<(message: TabMessage) => void>()
    tabs.push(own)
    return {
      post: (message) => tabs.forEach((tab) => tab !== own && tab.forEach((hear) => hear(message))),
      subscribe(hear) {
        own.add(hear)
        return () => own.delete(hear)
      },
    }
  }
}

function followOn(channel: TabChannel): string[] {
  const told: string[] = []
  const page = new TabClient()
  follow({ page, channel, tab: 'tab', onNews: () => told.push('news'), onSilence: () => told.push('silence') })
  return told
}

test('a leader that says nothing is given up after five seconds, and once', () => {
  const told = followOn(line()())
  vi.advanceTimersByTime(4_999)
  expect(told).toEqual([])
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual(['silence'])
})

test('a leader that has nothing to show says so at once, to those who were there and to those who come', () => {
  const open = line()
  const before = followOn(open())
  const end = nothingToShow(open())
  const after = followOn(open())
  expect([before, after]).toEqual([['silence', 'silence'], ['silence']])
  end()
  vi.advanceTimersByTime(60_000)
  expect(after).toEqual(['silence'])
  const late = followOn(open())
  expect(late).toEqual([])
})
