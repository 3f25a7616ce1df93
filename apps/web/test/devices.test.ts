import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage } from './browser.ts'
import type { Stage } from './browser.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(async () => {
  await on.close()
  expect(on.problems).toEqual([])
})

const code = (page: Page) => page.getByRole('textbox', { name: 'Code of the new device' })

test('the devices stand in the settings, this one first; a new one is linked with its code, by keyboard', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  await seesDevices(page, ['This device, f0f0f0f0', 'Device 5c5c5c5c'])
  await code(page).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Paste the code that the new device shows first.').waitFor()

  await page.evaluate(() => window.fixture.fail('deviceLink', 'This code has expired.'))
  await page.keyboard.type('sotto-code')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('This code has expired.').waitFor()
  expect(await code(page).inputValue()).toBe('sotto-code')

  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('The new device is linked.').waitFor()
  await seesDevices(page, ['This device, f0f0f0f0', 'Device 5c5c5c5c', 'Device 1f1f1f1f'])
  expect(await code(page).inputValue()).toBe('')
})

test('while a device is being linked, the page says so, until one gives it up', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  await page.evaluate(() => window.fixture.hold('deviceLink'))
  await code(page).fill('sotto-code')
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByRole('status').getByText('Linking…').waitFor()
  expect(await page.getByRole('button', { name: 'Link', exact: true }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Linking was stopped, and the new device is not linked.').waitFor()
  expect(await page.getByRole('button', { name: 'Link', exact: true }).isEnabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
  expect(await code(page).inputValue()).toBe('sotto-code')
})

test('a device is revoked after a question only; what fails is said', async () => {
  const page = await on.page('?world=busy')
  await openSettings(page)
  const revoke = page.getByRole('button', { name: /^Revoke: / }) // strict: never of this device
  await revoke.click()
  await page.getByRole('alertdialog').getByText('gets nothing that is written from now on').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await seesDevices(page, ['This device, f0f0f0f0', 'Device 5c5c5c5c'])

  await page.evaluate(() => window.fixture.fail('deviceRevoke', 'There is no such device.'))
  await revoke.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('alert').getByText('There is no such device.').waitFor()
  await revoke.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await seesDevices(page, ['This device, f0f0f0f0'])
  const out = page.getByRole('list', { name: 'Devices that are out' }).getByRole('listitem')
  expect(await out.allInnerTexts()).toEqual([expect.stringContaining('Device 5c5c5c5c')])
})

test('a tab that mirrors another one shows the same devices and links one through it', async () => {
  const { page: first, context } = await on.open('?world=busy')
  await first.getByRole('heading', { name: 'Chats' }).waitFor()
  const mirror = await on.tab(context, '?world=busy')
  await openSettings(mirror)
  await seesDevices(mirror, ['This device, f0f0f0f0', 'Device 5c5c5c5c'])
  await code(mirror).fill('sotto-code')
  await mirror.keyboard.press('Enter')
  await seesDevices(mirror, ['This device, f0f0f0f0', 'Device 5c5c5c5c', 'Device 1f1f1f1f'])
  await context.close()
})

test('a revoked device says that it was revoked, and neither links nor revokes', async () => {
  const page = await on.page('?world=busy')
  await page.evaluate(() =>
    window.fixture.change((client) => ({ ...client, self: { ...client.self, retired: true, revoked: true } })),
  )
  await page.getByRole('alert').getByText('revoked by another of your devices').waitFor()
  await page.getByRole('button', { name: /^Ana Ruiz/ }).click()
  await page.getByText('This device was revoked: nothing can be sent from it any more.').waitFor()
  await openSettings(page)
  await seesDevices(page, ['This device, f0f0f0f0', 'Device 5c5c5c5c'])
  expect(await code(page).isVisible()).toBe(false)
  expect(await page.getByRole('button', { name: /^Revoke/ }).isVisible()).toBe(false)
})

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
}

/** Waits until the list has these names, in this order. */
async function seesDevices(page: Page, names: readonly string[]): Promise<void> {
  await page.waitForFunction((expected) => {
    const rows = [...document.querySelectorAll('ul[aria-label=Devices] li')]
    const shown = rows.map((row) => row.querySelector('.font-medium')?.textContent)
    return JSON.stringify(shown) === JSON.stringify(expected)
  }, names)
}
