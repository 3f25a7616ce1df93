import type { Locator, Page } from 'playwright-core'

/** Who is in a conversation, as its page says it. `about`: the role, and what is under way, in words; empty in pairs. */
export interface Listed {
  readonly name: string
  readonly about: string
}

/** What stands in the place of the field where nothing can be said any more. */
const CLOSED = /has ended|not in this group any more|can be sent from/

/** A person who has touched a conversation and does not see it after so long touches it again, so often. */
const MISSED_MS = 5_000
const TRIES = 4
/** How long the field may take to be typed into while nothing says that it is closed. */
const TYPING_MS = 10_000

/** What has become of a text: it stands there; nothing can be said any more, and why; or it was entered as that began, and nobody can tell. */
export type Said = { readonly is: 'shown' | 'unknown' } | { readonly is: 'refused'; readonly why: string }

/** What a person does at the page, by what stands there. */
export class PageHands {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** The first run. */
  async begin(name: string): Promise<void> {
    await this.#field('Your name').fill(name)
    await this.#button('Start').click()
  }

  /** The first run of a further device. `answer` gives its code to the one that is there already. */
  async beLinked<T>(answer: (code: string) => Promise<T>): Promise<T> {
    await this.#button('Link to a device you have').click()
    const answered = await answer(await this.#field('Code of this device').inputValue())
    await this.#button('Go to my conversations').click()
    return answered
  }

  /** Waits until a relay answers. */
  async isOnline(): Promise<void> {
    await this.#page.getByRole('button', { name: /^Connected/ }).waitFor()
  }

  /** Pastes an invitation and says hello. */
  async join(link: string, hello: string): Promise<void> {
    const open = this.#page.getByRole('main').getByRole('button', { name: 'I have an invite' }).last()
    const add = this.#button('New conversation')
    await open.or(add).first().waitFor()
    if (await add.isVisible()) {
      await add.click()
      await this.#page.getByRole('menuitem', { name: 'I have an invite' }).click()
    } else await open.click()
    await this.#field('Invitation link').fill(link)
    await this.#button('Continue').click()
    await this.#field('Your hello').fill(hello)
    await this.#button('Say hello').click()
    await this.#page.getByRole('log').getByText(hello).waitFor()
  }

  /** Opens a conversation, unless it is open. */
  async show(title: string): Promise<void> {
    const log = this.#page.getByRole('log', { name: `Messages with ${title}`, exact: true })
    if (await log.isVisible()) return
    // A row that moves up under the finger, because something came, is missed: whoever sees that touches it again.
    for (let tries = 1; tries < TRIES; tries += 1) {
      await this.#row(title).click()
      const isOpen = await log.waitFor({ timeout: MISSED_MS }).then(
        () => true,
        () => false,
      )
      if (isOpen) return
    }
    await this.#row(title).click()
    await log.waitFor()
  }

  isListed(title: string): Promise<boolean> {
    return this.#row(title).isVisible()
  }

  /** Says something in a conversation. Nothing of it goes on when this has resolved. */
  async say(title: string, text: string): Promise<Said> {
    await this.show(title)
    const box = this.#page.getByRole('textbox', { name: `Message ${title}`, exact: true })
    const closed = this.#page.getByRole('region', { name: 'Conversation' }).locator('footer').getByText(CLOSED)
    const row = this.#page.getByRole('log').getByText(text, { exact: true })
    await box.or(closed).first().waitFor()
    let isEntered = false
    const type = async (): Promise<void> => {
      await box.fill(text, { timeout: TYPING_MS })
      isEntered = true
      await box.press('Enter', { timeout: TYPING_MS })
    }
    const typed = type()
    const refused = async (): Promise<string> => {
      await closed.waitFor()
      return closed.innerText()
    }
    // It may close while one types.
    const why = await Promise.any([typed.then(() => row.waitFor()), refused()])
    if (why === undefined) return { is: 'shown' }
    // Who comes in again meanwhile would find it typed, and said.
    await typed.catch(() => undefined)
    if (!isEntered) return { is: 'refused', why }
    return { is: (await row.isVisible()) ? 'shown' : 'unknown' }
  }

  /** Says yes to the only request, and waits until that conversation is open. */
  async accept(title: string): Promise<void> {
    await this.#row('Request from').click()
    await this.#button('Accept').click()
    await this.#page.getByRole('log', { name: `Messages with ${title}`, exact: true }).waitFor()
  }

  /** Who is in the open conversation; nobody is listed in pairs. */
  async members(): Promise<readonly Listed[]> {
    const details = this.#button('Group details')
    if (!(await details.isVisible())) return []
    // A notice may lie over it for a while.
    await details.dispatchEvent('click')
    const dialog = this.#page.getByRole('dialog', { name: 'Group details' })
    const people = dialog.getByRole('region', { name: /^\d+ (person|people)$/ }).getByRole('listitem')
    await people.first().waitFor()
    const words = await people.evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('span > span')].map((part) => part.textContent ?? '')),
    )
    await this.#page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    return words.map(([name = '', about = '']) => ({ name, about }))
  }

  /** Leaves the open group. */
  async leave(): Promise<void> {
    await this.#button('Group details').dispatchEvent('click')
    const dialog = this.#page.getByRole('dialog', { name: 'Group details' })
    await dialog.getByRole('button', { name: 'Leave the group' }).click()
    await this.#page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
    await dialog.getByRole('button', { name: 'Leave the group' }).waitFor({ state: 'detached' })
    if (await dialog.isVisible()) await this.#page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }

  /** Waits until the page says that another device has revoked it. */
  async isRevoked(): Promise<void> {
    await this.#page.getByRole('alert').getByText('revoked by another of your devices').waitFor()
  }

  #row(title: string): Locator {
    return this.#page
      .getByRole('navigation')
      .getByRole('button', { name: new RegExp(`^${title}`) })
      .first()
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true })
  }

  #field(name: string): Locator {
    return this.#page.getByRole('textbox', { name })
  }
}
