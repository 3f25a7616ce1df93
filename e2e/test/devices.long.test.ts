import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, person } from '../support/page.ts'
import { startProgram } from '../support/program.ts'
import { openSettings } from '../support/settings.ts'
import { stage } from '../support/stage.ts'
import type { Stage } from '../support/stage.ts'

const CLI = 'apps/cli/dist/main.js'

let on: Stage
beforeAll(async () => {
  on = await stage()
})
afterAll(() => on.close())

test('a page links a terminal by its code, and revokes it', async () => {
  const { web, relay } = await on.server()
  const carol = person(await (await on.browser('carol')).tab())
  const at = carol.page
  await at.goto(web)
  await carol.begin('Carol')
  const home = on.folder('carol-terminal')
  const program = startProgram(CLI, ['device', 'link', '--home', home, '--json', '--relay', relay])
  const { code } = await program.line((line) => 'code' in line)
  await openSettings(at)
  await at.getByRole('textbox', { name: 'Code of the new device' }).fill(String(code))
  await at.getByRole('button', { name: 'Link', exact: true }).click()
  await at.getByRole('status').getByText('The new device is linked.').waitFor({ timeout: 60_000 })
  expect(await program.ended).toBe(0)
  const rows = at.getByRole('list', { name: 'Devices', exact: true }).getByRole('listitem')
  await at.getByRole('button', { name: /^Revoke: / }).click()
  await at.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await eventually(() => rows.count(), 1)
  expect(await at.getByRole('list', { name: 'Devices that are out' }).getByRole('listitem').count()).toBe(1)
})
