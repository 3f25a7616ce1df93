import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INSECURE_HOST, call, hostPage } from './store/page/chromium.ts'
import type { LaunchedBrowser, PageHost } from './store/page/chromium.ts'

/** Of the random steps; `SOTTO_STORE_SEEDS=1,2,3` takes others. */
const SEEDS = (process.env['SOTTO_STORE_SEEDS'] ?? '1').split(',').map(Number)

let host: PageHost
let browser: LaunchedBrowser

beforeAll(async () => {
  host = await hostPage()
  browser = await host.launch()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await host?.dispose()
})

/** Files of the browser's profile that hold any of these words. */
async function filesWith(words: readonly string[]): Promise<string[]> {
  const entries = await readdir(host.profile, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path).catch(() => Buffer.alloc(0)) // the browser removes files while we look
    for (const word of words) if (content.includes(word)) found.push(`${word} in ${path}`)
  }
  return found
}

test('the store in a real browser passes every check', async () => {
  const tab = await browser.newTab()
  const results = await call(tab, 'conformance', SEEDS)
  expect(results.length).toBeGreaterThan(25)
  expect(results.filter(({ problem }) => problem !== undefined)).toEqual([])
  await tab.close()
})

test('rows outlive the browser, and nothing of them lies on its disk in the clear', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'write', 'lasting', 'rhododendron blossoms')).toBe('ok')
  await tab.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    const file = await (await folder.getFileHandle('control', { create: true })).createWritable()
    await file.write('forgetmenot')
    await file.close()
  })
  expect(await filesWith(['rhododendron', 'blossom'])).toEqual([])
  await browser.close()
  expect(await filesWith(['rhododendron', 'blossom'])).toEqual([])
  expect(await filesWith(['forgetmenot'])).not.toEqual([]) // so a word in the clear would have been seen

  browser = await host.launch()
  const again = await browser.newTab()
  const expected = { texts: ['rhododendron blossoms'], found: 1, secret: 'rhododendron blossoms' }
  expect(await call(again, 'read', 'lasting', 'blos')).toEqual(expected)
  await again.close()
})

test('one tab has the store; when it closes, in whatever way, the next tab gets it', async () => {
  const [first, second] = [await browser.newTab(), await browser.newTab()]
  expect(await call(first, 'open', 'shared')).toBe('ok')
  expect(await call(second, 'open', 'shared')).toBe('store-locked')
  await call(first, 'closeAll')
  expect(await call(second, 'open', 'shared')).toBe('ok')
  expect(await call(first, 'open', 'shared')).toBe('store-locked')
  await second.close()
  expect(await call(first, 'open', 'shared')).toBe('ok')
  await first.close()
})

test('a browser killed while writing leaves each commit whole, and opens again', async () => {
  for (let round = 0; round < 2; round += 1) {
    const tab = await browser.newTab()
    const name = `killed-${round}`
    const goal = 40 + 60 * round
    await tab.evaluate((store) => {
      const { storePage } = globalThis as unknown as { storePage: { writeForever(name: string): Promise<void> } }
      void storePage.writeForever(store)
    }, name)
    await tab.waitForFunction((enough) => {
      const { storePage } = globalThis as unknown as { storePage: { written(): number } }
      return storePage.written() > enough
    }, goal)
    const reported = await call(tab, 'written')
    await browser.kill()
    browser = await host.launch()
    const again = await browser.newTab()
    const kept = await call(again, 'count', name)
    expect(kept.counter).toBeGreaterThanOrEqual(reported)
    expect(kept).toEqual({ counter: kept.counter, events: kept.counter, last: kept.counter })
    await again.close()
  }
})

test('a full quota refuses the whole commit, and the store goes on once there is room', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'open', 'small')).toBe('ok')
  const session = await browser.context.newCDPSession(tab)
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin: host.origin })
  await session.send('Storage.overrideQuotaForOrigin', { origin: host.origin, quotaSize: usage + 3_000_000 })
  const full = await call(tab, 'fill', 'small')
  expect(full.code).toBe('disk-full')
  expect(full.kept).toBeGreaterThan(1)
  expect(full.listed).toBe(2 * full.kept)
  await session.send('Storage.overrideQuotaForOrigin', { origin: host.origin })
  expect(await call(tab, 'write', 'small', 'there is room')).toBe('ok')
  await call(tab, 'closeAll')
  expect((await call(tab, 'read', 'small', 'room')).found).toBe(1)
  await tab.close()
})

test('a new secrets key leaves every secret readable, also after opening again', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'write', 'rotated', 'old secret')).toBe('ok')
  expect(await call(tab, 'rotate', 'rotated')).toBe('ok')
  expect((await call(tab, 'read', 'rotated', 'old')).secret).toBe('old secret')
  await call(tab, 'closeAll')
  expect((await call(tab, 'read', 'rotated', 'old')).secret).toBe('old secret')
  await tab.close()
})

test('a passphrase locks the store, and can be changed and taken away', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'write', 'locked', 'behind a lock')).toBe('ok')
  const set = await call(tab, 'setPassphrase', 'locked', 'correct horse')
  expect(set).toMatchObject({ code: 'ok', isSet: true })
  console.log(`Argon2id with 64 MiB in a worker of Chromium: ${set.took.toFixed(0)} ms; the page stood still for at most
    ${set.stuck.toFixed(0)} ms.`)
  await call(tab, 'closeAll')
  expect(await call(tab, 'open', 'locked')).toBe('needs-passphrase')
  expect(await call(tab, 'openWith', 'locked', 'correct hearse')).toBe('wrong-key')
  expect(await call(tab, 'openWith', 'locked', 'correct horse')).toBe('ok')
  expect((await call(tab, 'read', 'locked', 'behind')).texts).toEqual(['behind a lock'])

  expect(await call(tab, 'setPassphrase', 'locked', 'another')).toMatchObject({ code: 'needs-passphrase', isSet: true })
  expect(await call(tab, 'setPassphrase', 'locked', 'another', 'wrong')).toMatchObject({ code: 'wrong-key' })
  expect(await call(tab, 'setPassphrase', 'locked', 'a\u0308', 'correct horse')).toMatchObject({ code: 'ok' })
  expect(await call(tab, 'rotate', 'locked')).toBe('ok') // which writes the keys anew
  await call(tab, 'closeAll')
  expect(await call(tab, 'openWith', 'locked', 'correct horse')).toBe('wrong-key')
  expect(await call(tab, 'openWith', 'locked', '\u00e4')).toBe('ok') // the same letter, from another keyboard

  expect(await call(tab, 'setPassphrase', 'locked', undefined, '\u00e4')).toMatchObject({ code: 'ok', isSet: false })
  await call(tab, 'closeAll')
  expect((await call(tab, 'read', 'locked', 'lock')).texts).toEqual(['behind a lock'])
  await tab.close()
})

test('files that a dying tab still holds are waited for, and nothing of them is lost', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'write', 'dying', 'still here')).toBe('ok')
  await call(tab, 'closeAll')
  await call(tab, 'holdFile', 'dying', 1_500)
  expect((await call(tab, 'read', 'dying', 'still')).texts).toEqual(['still here'])
  await tab.close()
})

test('a page that is not secure, or a browser without locks, is told so', async () => {
  const insecure = await browser.newTab(host.origin.replace('127.0.0.1', INSECURE_HOST))
  expect(await call(insecure, 'open', 'any')).toBe('unsupported')
  await insecure.close()
  const tab = await browser.newTab()
  await tab.evaluate(() => Object.defineProperty(navigator, 'locks', { value: undefined }))
  expect(await call(tab, 'open', 'any')).toBe('unsupported')
  await tab.close()
})

test('a database whose key is gone is refused and left as it is', async () => {
  const tab = await browser.newTab()
  expect(await call(tab, 'write', 'keyless', 'unreadable now')).toBe('ok')
  await call(tab, 'closeAll')
  await call(tab, 'forgetKeys')
  expect(await call(tab, 'open', 'keyless')).toBe('wrong-key')
  expect(await call(tab, 'open', 'keyless')).toBe('wrong-key')
  await tab.close()
})
