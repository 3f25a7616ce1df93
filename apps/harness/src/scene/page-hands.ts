import type { Locator, Page } from 'playwright-core'

/** Who is in a conversation, as its page says it. `about`: the role, and what is under way, in words; empty in pairs. */
export interface Listed {
  readonly name: string
  readonly about: string
}

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

  /** Pastes an invitation and says hello. */
  async join(link: string, hello: string): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name: 'I have an invite' }).last().click()
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
    await this.#row(title).click()
    await log.waitFor()
  }

  isListed(title: string): Promise<boolean> {
    return this.#row(title).isVisible()
  }

  /** Says something in the open conversation. */
  async say(text: string): Promise<void> {
    const box = this.#page.getByRole('textbox', { name: /^Message / })
    await box.fill(text)
    await box.press('Enter')
    await this.#page.getByRole('log').getByText(text, { exact: true }).waitFor()
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
    await details.click()
    const dialog = this.#page.getByRole('dialog', { name: 'Group details' })
    const people = dialog.getByRole('region', { name: /^\d+ (person|people)$/ }).getByRole('listitem')
    await people.first().waitFor()
    const words = await people.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText.split('\n')))
    await this.#page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    // Before the name may stand the letters of a picture.
    return words.map((lines) => ({ name: lines.at(-2) ?? '', about: lines.at(-1) ?? '' }))
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
