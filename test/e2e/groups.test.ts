import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const [first, second, third] = [
  'To be, or not to be',
  'Two bees, or not',
  'בראשית ברא אלהים'
] as const
const selected = () => page.locator('.dv-active-group .dv-active-tab')
const map = () => page.getByRole('application').filter({ visible: true })
const trails = () =>
  page.getByRole('list', { name: 'What this is about' }).filter({ visible: true })
const prompt = () => page.getByRole('textbox', { name: 'Text' })
const head = (name: string) =>
  page.getByRole('gridcell', { name, exact: true }).filter({ visible: true })

const command = (title: string) => runCommand(page, title)

async function run(text: string): Promise<void> {
  await prompt().fill(text)
  await prompt().press('Control+Enter')
  await map()
    .and(page.getByRole('application', { name: `, ${[...text].length} tokens` }))
    .waitFor()
}

/** What a tab says that it is about, what the bar says, and what its map is of. */
interface Shown {
  readonly letter: string | null
  readonly model: string
  readonly text: string
  readonly head: string
}

/** Each tab of heads, as it is with the focus, in the order of the tabs. */
async function shown(): Promise<Shown[]> {
  const found: Shown[] = []
  for (const tab of await page.getByRole('tab', { name: /attention/i }).all()) {
    await tab.click()
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
    const letter = await tab.locator('.letter').count()
    await expect
      .poll(async () => {
        const [trail = ''] = await trails().allTextContents()
        const text = await prompt().inputValue()
        // There is none while its model is on its way.
        return text !== '' && trail.includes(text)
      })
      .toBe(true)
    const [trail] = await trails().allTextContents()
    const text = await prompt().inputValue()
    await expect
      .poll(() => map().getAttribute('aria-label'))
      .toContain(`, ${[...text].length} tokens`)
    const label = (await map().getAttribute('aria-label'))!
    found.push({
      letter: letter === 0 ? null : await tab.locator('.letter').textContent(),
      model: /^(shakespeare-char|hebrew-\w+)/.exec(trail!)?.[0] ?? trail!,
      text,
      head: /Head \d\.\d/.exec(label)![0]
    })
  }
  return found
}

describe('two models and three texts in two groups', () => {
  const all: readonly Shown[] = [
    { letter: 'A', model: 'shakespeare-char', text: second, head: 'Head 2.1' },
    { letter: null, model: 'shakespeare-char', text: first, head: 'Head 1.2' },
    { letter: 'B', model: 'hebrew-minigpt', text: third, head: 'Head 0.3' },
    { letter: 'B', model: 'hebrew-minigpt', text: third, head: 'Head 0.3' }
  ]

  it('are each in its own tabs, in the bar and in the inspector', async () => {
    await run(first)
    await head('Head 1.2').dblclick()
    await expect.poll(() => selected().getAttribute('aria-label')).toContain('Head 1.2')
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    await run(second)
    await head('Head 2.1').click()
    await command('> duplicate the tab')
    await command('> link the tab to group b')
    await openModel(page, hebrew)
    await run(third)
    await head('Head 0.3').click()
    await command('> show head')
    await expect.poll(() => page.getByRole('tab', { name: /attention/i }).count()).toBe(4)
    const byName = (tabs: readonly Shown[]) => tabs.map(tab => JSON.stringify(tab)).toSorted()
    expect(byName(await shown())).toEqual(byName(all))
    await page.getByRole('heading', { name: /^Head \d\.\d/ }).waitFor()
  })

  it('are all there after a reload', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).first().click()
    const before = await shown()
    await page.waitForTimeout(1000)
    await page.reload()
    await map().waitFor()
    expect(await shown()).toEqual(before)
  })

  it('take what is typed right after a click on their tab', async () => {
    const clicked = page.getByRole('tab', { name: 'Attention', exact: true }).first()
    const alone = page.getByRole('tab', { name: 'Head 1.2 · attention' })
    await alone.click()
    await expect.poll(() => prompt().inputValue()).toBe(first)
    // Nothing comes between a click and what is typed, not even a frame.
    await clicked.locator('.title').evaluate(title => {
      title.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
      title.dispatchEvent(new MouseEvent('click', { bubbles: true }))
      const field = document.querySelector<HTMLTextAreaElement>('#prompt-text')!
      field.value = 'typed'
      field.dispatchEvent(new Event('input'))
    })
    await expect.poll(() => prompt().inputValue()).toBe('typed')
    await prompt().fill(second)
    await prompt().press('Escape')
    await alone.click()
    await expect.poll(() => prompt().inputValue()).toBe(first)
  })

  it('are compared with each other', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).first().click()
    await expect.poll(() => prompt().inputValue()).toBe(second)
    await head('Head 2.1').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with another text…' }).click()
    await page.getByRole('option', { name: first }).click()
    await expect.poll(() => trails().allTextContents()).toHaveLength(2)
    const [own, other] = await trails().allTextContents()
    expect([own, other]).toEqual([expect.stringContaining(second), expect.stringContaining(first)])
    expect(served.complaints).toEqual([])
  })
})
