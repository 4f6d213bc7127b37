import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunSource } from '../../src/common/model/run-source.ts'
import type { SessionContent } from '../../src/common/model/session.ts'
import type { WorkspaceState } from '../../src/renderer/src/stores/workspace-state.ts'
import { builtCommand } from '../built.ts'
import { shakespeare } from '../golden/workbench.ts'
import { focusedName, runCommand } from './command.ts'
import { holdCalls } from './held-calls.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
})
afterAll(() => served.close())

const tabs = () => page.getByRole('tab').evaluateAll(all => all.map(tab => tab.ariaLabel))
const prompt = () => page.getByRole('textbox', { name: 'Text', exact: true }).first()
const status = (text: string) => page.getByRole('contentinfo').getByText(text)
const command = (title: string) => runCommand(page, title)
/** Brings a tab to the front; the dock may take a moment. */
async function front(name: string): Promise<void> {
  const tab = page.getByRole('tab', { name })
  await tab.click()
  await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
}
const panes = () => page.locator('.dv-groupview').filter({ visible: true }).count()

describe('what was done', () => {
  it('to tabs is taken back by Ctrl+Z and done again, and those that stay are not made anew', async () => {
    const map = page.getByRole('application', { name: '81 tokens' })
    await map.evaluate(element => element.setAttribute('data-seen', 'yes'))
    await front('Overview')
    await page.keyboard.press('Alt+w')
    await expect.poll(tabs).toEqual(['Attention'])
    await page.keyboard.press('Control+z')
    await status('undone: closed Overview').waitFor()
    await expect.poll(tabs).toEqual(['Overview', 'Attention'])
    await front('Attention')
    await expect.poll(() => map.getAttribute('data-seen')).toBe('yes')
    await page.keyboard.press('Control+y')
    await expect.poll(tabs).toEqual(['Attention'])
    await page.keyboard.press('Control+z')
    await command('> split the tab to the right')
    await expect.poll(panes).toBe(2)
    await page.keyboard.press('Control+z')
    await expect.poll(panes).toBe(1)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(panes).toBe(2)
    expect(await map.getAttribute('data-seen')).toBe('yes')
    await page.keyboard.press('Control+z')
    await expect.poll(panes).toBe(1)
  })

  it('to what is selected is not: that is gone back to by Alt+←', async () => {
    await page.keyboard.press(']')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('> redo')
    await page.getByRole('option', { name: /Redo: moved Overview/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('to what is selected in a view is not either, where that keeps it by itself', async () => {
    await command('show logit lens')
    const lens = page.getByRole('application', { name: /^Logit lens: / }).filter({ visible: true })
    for (const key of ['PageDown', 'PageUp', 'PageDown']) await lens.press(key)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('> undo')
    await page.getByRole('option', { name: /Undo: opened Logit lens/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Alt+w')
  })

  it('to the text is taken back outside it, and letter by letter in it', async () => {
    const before = await prompt().inputValue()
    await prompt().click()
    await prompt().press('Control+End')
    // At once: what is typed slowly, as a busy machine does, is several steps.
    await page.keyboard.insertText(' and more')
    await page.keyboard.press('Escape')
    await expect.poll(() => prompt().inputValue()).toBe(`${before} and more`)
    await front('Attention')
    await page.keyboard.press('Control+z')
    await status('undone: changed the text').waitFor()
    await expect.poll(() => prompt().inputValue()).toBe(before)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => prompt().inputValue()).toBe(`${before} and more`)
    await prompt().click()
    await page.keyboard.type('x')
    await page.keyboard.press('Control+z')
    await expect.poll(() => prompt().inputValue()).not.toContain('x')
    await expect.poll(tabs).toEqual(['Overview', 'Attention'])
    await page.keyboard.press('Escape')
  })

  it('to how a view is set is taken back in it', async () => {
    await command('> undo')
    await front('Attention')
    const order = page.getByRole('button', { name: /^Order/ })
    const was = await order.textContent()
    await order.click()
    await page.getByRole('menuitemradio').nth(1).click()
    await expect.poll(() => order.textContent()).not.toBe(was)
    await front('Attention')
    await page.keyboard.press('Control+z')
    await expect.poll(() => order.textContent()).toBe(was)
  })
})

describe('a note', () => {
  const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
  const explorer = () => page.getByRole('complementary', { name: 'Findings' })
  const note = (of: RegExp) => page.getByRole('article', { name: of })

  it('is written on the tab in Markdown, by keys, and is no markup of the page', async () => {
    await front('Attention')
    await command('> add a note to the tab')
    const field = inspector().getByRole('textbox', { name: 'Note' })
    await field.fill('**Induction** in [1.2](https://example.org/x) <img src=x>\n\n- ראש אחד')
    await field.press('Escape')
    const written = inspector().getByRole('region', { name: 'Notes' }).getByRole('article')
    await written.locator('strong').getByText('Induction', { exact: true }).waitFor()
    expect(await inspector().locator('.markdown img').count()).toBe(0)
    const line = inspector().getByRole('listitem').filter({ hasText: 'ראש' })
    expect(await line.evaluate(element => getComputedStyle(element).direction)).toBe('rtl')
  })

  it('tells where a link leads before it leads there', async () => {
    await inspector().getByRole('link', { name: '1.2' }).click()
    await inspector().getByText('https://example.org/x').waitFor()
    expect(page.context().pages()).toHaveLength(1)
    await inspector().getByRole('button', { name: 'Stay' }).click()
  })

  it('on a head is there where that is selected, and leads to it from the list', async () => {
    await page.getByRole('gridcell', { name: 'Head 2.1', exact: true }).click()
    await inspector().getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Head 2.1' }).click()
    await inspector().getByRole('textbox', { name: 'Note' }).fill('Looks at the first letter')
    await page.getByRole('gridcell', { name: 'Head 0.1', exact: true }).click()
    await expect.poll(() => inspector().getByText('first letter').count()).toBe(0)
    await front('Overview')
    await page.getByRole('button', { name: 'Findings', exact: true }).click()
    await explorer().getByText('first letter').waitFor()
    await explorer()
      .getByRole('button', { name: /^Head 2\.1 · shake/ })
      .click()
    await page.getByRole('application', { name: 'Head 2.1' }).waitFor()
    await inspector().getByText('first letter').waitFor()
  })

  it('is changed and deleted where it is listed, taken back, and there after a reload', async () => {
    const own = explorer().getByRole('article', { name: /^Note: Head 2\.1/ })
    await own.getByRole('button', { name: 'Change the note' }).click()
    await own.getByRole('textbox', { name: 'Note' }).fill('Looks at *no* letter')
    await own.getByRole('textbox', { name: 'Note' }).press('Control+Enter')
    await own.locator('em').waitFor()
    await own.getByRole('button', { name: 'Delete the note' }).click()
    await own.waitFor({ state: 'detached' })
    await front('Attention')
    await page.keyboard.press('Control+z')
    await own.locator('em').waitFor()
    await expect.poll(() => served.saved()).toContain('Looks at *no* letter')
    await page.reload()
    await note(/^Note: Head 2\.1/)
      .first()
      .locator('em')
      .waitFor()
    await page.getByRole('application', { name: 'Head 2.1' }).waitFor()
  })

  it('of the session that is left empty is none', async () => {
    await explorer().getByRole('button', { name: 'Add a note to the session' }).click()
    await explorer().getByRole('textbox', { name: 'Note' }).press('Escape')
    await expect.poll(() => note(/^Note: Session/).count()).toBe(0)
    await page.getByRole('button', { name: 'Findings', exact: true }).click()
  })

  it('is read and written in a view of all notes, which are saved as a document', async () => {
    const views = page.getByRole('button', { name: 'Views', exact: true })
    await views.click()
    await page.getByRole('button', { name: /^Notes: / }).dblclick()
    const view = page.getByRole('tabpanel', { name: 'Notes' })
    const heads = () => view.getByRole('article').evaluateAll(all => all.map(one => one.ariaLabel))
    await view.getByRole('button', { name: 'Add a note' }).click()
    await view.getByRole('textbox', { name: 'Note' }).fill('Of **all** heads')
    await view.getByRole('textbox', { name: 'Note' }).press('Escape')
    await expect
      .poll(heads)
      .toEqual(['Note: Session', 'Note: Attention', 'Note: Head 2.1 · shakespeare-char'])
    await view.locator('strong').getByText('all', { exact: true }).waitFor()
    await view.getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^Markdown/ }).click()
    const text = readFileSync(await (await downloading).path(), 'utf8')
    expect(text).toMatch(
      /^# Session: notes\n\n## Session\n\n\*2\d{3}-.* UTC\*\n\nOf \*\*all\*\* heads\n/
    )
    await view.getByRole('searchbox', { name: 'Find a note' }).fill('LETTER 2.1')
    await expect.poll(heads).toEqual(['Note: Head 2.1 · shakespeare-char'])
    await view.getByRole('button', { name: /^Head 2\.1/ }).click()
    await page.getByRole('application', { name: 'Head 2.1' }).waitFor()
    await front('Notes')
    await page.keyboard.press('Alt+w')
    await views.click()
    await front('Attention')
  })
})

/** Where sessions of this test are saved. */
const folder = mkdtempSync(join(tmpdir(), 'lamella-sessions-'))
const session = () => page.getByRole('button', { name: /^Session: / }).getAttribute('aria-label')
const dialog = (name: string) => page.getByRole('dialog', { name })
const strip = () => page.getByRole('status', { name: 'Session' })

async function saveAs(name: string, keep = /^What was looked at/): Promise<void> {
  await page.keyboard.press('Control+Shift+s')
  const save = dialog('Save the session')
  await save.getByRole('radio', { name: keep }).click()
  await save.getByRole('textbox', { name: 'Name' }).fill(join(folder, name))
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await save.waitFor({ state: 'detached' })
}

/** What was run by the session's file, newest first. */
function pastRuns(name: string): RunSource[] {
  const { content } = told(name) as { content: SessionContent }
  return content.runs.map(({ source }) => source)
}

/** Those whose numbers it keeps. */
function keptRuns(name: string): RunSource[] {
  const { kept } = told(name) as { kept: { runs: { source: RunSource }[] } }
  return kept.runs.map(({ source }) => source)
}

function told(name: string): unknown {
  const asked = [builtCommand, 'session', join(folder, `${name}.lamella`), '--json']
  const env = { ...process.env, LAMELLA_DATA: mkdtempSync(join(tmpdir(), 'lamella-e2e-')) }
  const said = execFileSync(process.execPath, asked, { encoding: 'utf8', env })
  return JSON.parse(said)
}

describe('a session', () => {
  it('that was never saved is asked where, with what it would take', async () => {
    expect(await session()).toMatch(/^Session: Untitled/)
    await page.keyboard.press('Control+s')
    const save = dialog('Save the session')
    await expect
      .poll(() => save.getByRole('radio', { name: /^How to/ }).getAttribute('aria-label'))
      .toMatch(/\d [kKM]?B$/)
    await page.keyboard.press('Escape')
    await saveAs('First')
    await expect.poll(session).toBe('Session: First')
    await expect.poll(() => page.title()).toMatch(/^First — /)
  })

  it('says whether it differs from what is saved, also after undo', async () => {
    await front('Overview')
    await page.keyboard.press('Alt+w')
    await expect.poll(session).toBe('Session: First, not saved')
    await expect.poll(() => page.title()).toMatch(/^• First/)
    await page.keyboard.press('Control+z')
    await expect.poll(session).toBe('Session: First')
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(session).toBe('Session: First, not saved')
    await page.keyboard.press('Control+s')
    await expect.poll(session).toBe('Session: First')
  })

  it('comes back with what was not saved, says so, and can be taken back', async () => {
    await prompt().fill('To be, or not')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
    await expect.poll(() => served.saved()).toContain('To be, or not')
    await page.reload()
    await strip().getByText('“First” has changes that are not saved').waitFor()
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
    await expect.poll(tabs).toEqual(['Attention'])
    await expect.poll(session).toBe('Session: First, not saved')
    await front('Attention')
    await page.keyboard.press('Control+z')
    await status('undone: changed the text').waitFor()
    await expect.poll(session).toBe('Session: First')
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(session).toBe('Session: First, not saved')
    expect(await prompt().inputValue()).toBe('To be, or not')
    await strip().getByRole('button', { name: 'Save' }).click()
    await expect.poll(session).toBe('Session: First')
  })

  it('gives way to another once it is said what becomes of it', async () => {
    await front('Attention')
    await page.keyboard.press('Alt+w')
    await command('> new session')
    await dialog('Not all of this session is saved').waitFor()
    await expect.poll(() => focusedName(page)).toBe('Cancel')
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await expect.poll(session).toBe('Session: First, not saved')
    await page.getByRole('button', { name: /^Session: / }).press('Enter')
    await page.getByRole('menuitem', { name: /^Save as/ }).press('Enter')
    await dialog('Save the session').waitFor()
    await page.keyboard.press('Escape')
    await dialog('Save the session').waitFor({ state: 'detached' })
    await expect.poll(() => focusedName(page)).toBe('Session: First, not saved')
    await command('> new session')
    await page.getByRole('button', { name: 'Don’t save' }).click()
    await page.getByText('No tab is open').waitFor()
    await expect.poll(session).toBe('Session: Untitled')
    await page.getByRole('button', { name: 'First', exact: true }).click()
    await page.getByRole('application', { name: '13 tokens' }).waitFor()
    await expect.poll(tabs).toEqual(['Attention'])
    await expect.poll(session).toBe('Session: First')
    expect(await prompt().inputValue()).toBe('To be, or not')
  })

  it('is opened where models are, read-only in a second window, and told what is no session', async () => {
    // What a window begins with is kept a moment after the last change.
    const kept = () => {
      const { changed, file } = JSON.parse(served.saved()) as WorkspaceState
      return [changed, file?.path]
    }
    await expect.poll(kept).toEqual([false, join(folder, 'First.lamella')])
    const other = await page.context().newPage()
    await other.goto(
      await page.evaluate(() => `${location.href}#token=${sessionStorage.getItem('token')}`)
    )
    const first = page
    page = other
    try {
      await page.getByRole('application').first().waitFor()
      await openPath(page, join(folder, 'First.lamella'))
      await expect.poll(session).toMatch(/^Session: First.*read-only$/)
      await page.getByRole('button', { name: /^Session: / }).click()
      await page.getByRole('menu').getByText('Another window has it open').waitFor()
      await page.keyboard.press('Escape')
      const told = page.getByRole('status', { name: 'Read-only' })
      await told.getByText('“First” is read-only. Another window has it open.').waitFor()
      await page.keyboard.press('Control+s')
      await dialog('Save the session').getByText('Save it under another name').waitFor()
      await page.keyboard.press('Escape')
      await saveAs('Second')
      await expect.poll(session).toBe('Session: Second')
      expect(await told.count()).toBe(0)
      await openPath(page, join(folder, 'none.lamella'))
      await page.getByText('The session could not be opened').waitFor()
      await page.getByText(`${join(folder, 'none.lamella')}: does not exist`).waitFor()
      await page.getByRole('button', { name: /^Session: / }).click()
      await page.getByRole('menuitem', { name: `First ${basename(folder)}` }).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(session).toBe('Session: Second')
    } finally {
      page = first
      await other.close()
    }
  })

  it('that is not there any more says so in the list, and is removed from it', async () => {
    const [path, aside] = [join(folder, 'Second.lamella'), join(folder, 'aside')]
    const menu = page.getByRole('button', { name: /^Session: / })
    const items = page.getByRole('menuitem')
    const before = await session()
    await menu.click()
    await items.filter({ hasText: 'Second' }).waitFor()
    await page.keyboard.press('Escape')
    renameSync(path, aside)
    try {
      await menu.click()
      const gone = items.filter({ hasText: 'Second' })
      await gone.getByText('not there · Remove from list').waitFor()
      await gone.press('Enter')
      await gone.waitFor({ state: 'detached' })
      // The menu stays, and the session that is open.
      await items.filter({ hasText: 'New session' }).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(session).toBe(before)
    } finally {
      renameSync(aside, path)
    }
  })

  it('is not written over another unless that is confirmed', async () => {
    await page.keyboard.press('Control+Shift+s')
    const save = dialog('Save the session')
    await save.getByRole('textbox', { name: 'Name' }).fill(join(folder, 'Second'))
    await page.keyboard.down('Enter')
    await save.getByRole('button', { name: 'Replace it' }).waitFor()
    // The key is held on.
    await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await page.waitForTimeout(1000)
    await save.getByRole('button', { name: 'Replace it' }).waitFor()
    await page.keyboard.press('Escape')
    await save.waitFor({ state: 'detached' })
  })

  it('is saved where its name is given before its folder is listed', async () => {
    // A window that was loaded anew has no folder yet.
    await page.reload()
    await page.getByRole('application', { name: /tokens/ }).waitFor()
    await page.evaluate(async () => {
      const keys = { key: 'S', code: 'KeyS', ctrlKey: true, shiftKey: true, bubbles: true }
      window.dispatchEvent(new KeyboardEvent('keydown', keys))
      const field = () => document.querySelector<HTMLInputElement>('#session-name')
      // No message comes in between.
      const soon = async () => {
        for (let i = 0; i < 100; i++) await Promise.resolve()
      }
      await soon()
      field()!.value = 'Early'
      field()!.dispatchEvent(new Event('input'))
      await soon()
      field()!.form!.querySelector<HTMLButtonElement>('[type=submit]')!.click()
    })
    await dialog('Save the session').waitFor({ state: 'detached' })
    await expect.poll(session).toBe('Session: Early')
    expect(existsSync(join(folder, 'Early.lamella'))).toBe(true)
  })

  it('whose model is gone shows what it kept, until it is pointed to', async () => {
    const model = join(folder, 'little')
    cpSync(shakespeare, model, { recursive: true })
    await openModel(page, model)
    for (const [text, tokens] of [
      ['Adieu', 5],
      ['Good morrow', 11]
    ] as const) {
      await prompt().fill(text)
      await prompt().press('Control+Enter')
      await page.getByRole('application', { name: `${tokens} tokens` }).waitFor()
    }
    await saveAs('Away')
    const runs = pastRuns('Away').filter(run => run.model.path === model)
    expect(runs.map(({ input }) => input)).toEqual(
      expect.arrayContaining([{ text: 'Good morrow' }, { text: 'Adieu' }])
    )
    await command('> new session')
    await page.getByText('No tab is open').waitFor()
    await command('> close little')
    renameSync(model, join(folder, 'moved-on'))
    // Nothing is in the new session that could be lost.
    await openPath(page, join(folder, 'Away.lamella'))
    await page.getByRole('status', { name: 'Model' }).getByText('is not where it was').waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    // Small maps are drawn of what was kept, however large they are now.
    const read = page.getByRole('button', { name: /^Layer \d could not be read/ })
    await page.setViewportSize({ width: 1440, height: 1800 })
    await page.waitForTimeout(1000)
    expect([await read.count(), await page.getByText('not kept').count()]).toEqual([0, 0])
    await page.setViewportSize({ width: 1440, height: 900 })
    const again = page.getByRole('button', { name: 'Look again' })
    await again.click()
    await page.getByText('little is still not there').waitFor()
    await page
      .getByRole('status', { name: 'Model' })
      .getByText('is still not where it was: only what was kept is shown')
      .waitFor()
    renameSync(join(folder, 'moved-on'), model)
    await again.click()
    await again.waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await expect.poll(session).toBe('Session: Away')
    // Also while the window before this one has the model yet.
    renameSync(model, join(folder, 'moved-on'))
    await page.reload()
    await again.waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await page.getByRole('button', { name: 'Point to it…' }).click()
    const where = dialog('Where is little now?')
    await where.getByText(`It was at ${model}`).waitFor()
    await where
      .getByRole('option', { name: /moved-on/ })
      .or(where.getByText('moved-on'))
      .first()
      .waitFor()
    await where.getByRole('textbox', { name: 'Path' }).fill(shakespeare)
    await page.waitForTimeout(300)
    await where.getByRole('textbox', { name: 'Path' }).fill(join(folder, 'moved-on'))
    await where.getByRole('textbox', { name: 'Path' }).press('Enter')
    await where.waitFor({ state: 'detached' })
    await page.getByRole('status', { name: 'Model' }).waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await expect.poll(session).toBe('Session: Away, not saved')
    // A step like any other, also after the window is loaded anew.
    const absent = page.getByRole('status', { name: 'Model' }).getByText('is not where it was')
    const moved = strip().getByText('little: lies at')
    await page.reload()
    await moved.waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await page.keyboard.press('Control+z')
    await absent.waitFor()
    await moved.waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await expect.poll(session).toBe('Session: Away')
    await page.keyboard.press('Control+y')
    await absent.waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await expect.poll(session).toBe('Session: Away, not saved')
    await page.keyboard.press('Control+s')
    await expect.poll(session).toBe('Session: Away')
    const there = pastRuns('Away').filter(run => run.model.path === join(folder, 'moved-on'))
    expect(there.map(({ input }) => input)).toEqual(runs.map(({ input }) => input))
  })

  it('shows what it kept of a model that is there where that is asked for, and says so in each view', async () => {
    const aside = page.getByRole('status', { name: 'Model' }).getByText('is set aside')
    const menu = page.getByRole('button', { name: /^Model: / })
    await menu.click()
    await page.getByRole('menuitem', { name: 'Show what the session kept' }).click()
    await aside.waitFor()
    // Also after a reload.
    await page.reload()
    await aside.waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await prompt().fill('Never run')
    await page.getByText('The session kept no run of this text.').waitFor()
    // What is shown is of the text before, and nothing offers to run this one.
    const stale = page.getByRole('button', { name: 'from the text before' })
    expect(await stale.isDisabled()).toBe(true)
    expect(await stale.textContent()).not.toContain('Run')
    await prompt().fill('Good morrow')
    await command('> open moved-on as it is there')
    await aside.waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
  })

  it('keeps what it had of files that are others now, once those are opened in their place, which can be taken back', async () => {
    await page.keyboard.press('Control+s')
    await expect.poll(session).toBe('Session: Away')
    const before = keptRuns('Away')
    expect(before.length).toBeGreaterThan(1)
    const weights = join(folder, 'moved-on', 'model.safetensors')
    const bytes = readFileSync(weights)
    bytes.writeFloatLE(1, bytes.length - 4)
    writeFileSync(weights, bytes)
    await page.reload()
    const strips = page.getByRole('status', { name: /^(Model|Other files|Session)/ })
    const present = page.getByRole('button', { name: 'Open what is there now' })
    await present.waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    expect(await strips.count()).toBe(1)
    await present.click()
    await present.waitFor({ state: 'detached' })
    await expect.poll(session).toBe('Session: Away, not saved')
    await page.keyboard.press('Control+z')
    await present.waitFor()
    await expect.poll(session).toBe('Session: Away')
    await page.keyboard.press('Control+y')
    await present.waitFor({ state: 'detached' })
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await page.keyboard.press('Control+s')
    await expect.poll(session).toBe('Session: Away')
    const after = keptRuns('Away')
    expect(after).toEqual(expect.arrayContaining(before))
    const own = after.filter(({ model }) => model.path === join(folder, 'moved-on'))
    expect(new Set(own.map(({ model }) => model.fingerprint)).size).toBe(2)
    await page.getByRole('button', { name: /^Model: / }).click()
    await page.getByRole('menuitem', { name: 'Show what the session kept of other files' }).click()
    const aside = page.getByRole('status', { name: 'Model' }).getByText('is set aside')
    await aside.waitFor()
    await page.getByRole('application', { name: '11 tokens' }).waitFor()
    await page.keyboard.press('Control+z')
    await aside.waitFor({ state: 'detached' })
    await expect.poll(session).toBe('Session: Away')
  })

  it('keeps its past runs where it is saved by another program, which knows none of them', async () => {
    const other = await serveWindow({}, undefined, false)
    try {
      await other.page.getByRole('application', { name: '81 tokens' }).waitFor()
      await openPath(other.page, join(folder, 'Away.lamella'))
      await other.page.getByRole('application', { name: '11 tokens' }).waitFor()
      await other.page.keyboard.press('Control+Shift+s')
      const save = other.page.getByRole('dialog', { name: 'Save the session' })
      await save.getByRole('textbox', { name: 'Name' }).fill(join(folder, 'There'))
      await save.getByRole('button', { name: 'Save', exact: true }).click()
      await save.waitFor({ state: 'detached' })
      expect(pastRuns('There')).toEqual(expect.arrayContaining(pastRuns('Away')))
      expect(other.complaints).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('differs by what is done before its models are open, which can be taken back', async () => {
    await prompt().fill('Farewell')
    await prompt().press('Control+Enter')
    await page.getByRole('application', { name: ', 8 tokens' }).waitFor()
    await page.keyboard.press('Control+s')
    await expect.poll(session).toBe('Session: Away')
    // This comes last: the other end of such a connection is gone half a minute after the page.
    const calls = await holdCalls(page)
    calls.hold('models.open')
    await page.reload()
    await front('Attention')
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByText(/^Opening /)
      .waitFor()
    await expect.poll(session).toBe('Session: Away')
    await page.keyboard.press('Alt+w')
    await expect.poll(session).toBe('Session: Away, not saved')
    await command('> new session')
    const asked = dialog('Not all of this session is saved')
    await asked.getByRole('button', { name: 'Cancel' }).click()
    expect(calls.count()).toBe(1)
    // What is told leaves room for what runs and its Cancel, also in a narrow window.
    await page.setViewportSize({ width: 640, height: 800 })
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+y')
    await status('done again: closed').waitFor()
    const cancel = page.getByRole('contentinfo').getByRole('button', { name: 'Cancel' })
    const { width, height } = (await cancel.boundingBox())!
    await cancel.click({ trial: true, position: { x: width - 2, y: height / 2 } })
    await page.setViewportSize({ width: 1440, height: 900 })
    calls.pass()
    await page.keyboard.press('Control+z')
    await page.getByRole('application', { name: ', 8 tokens' }).waitFor()
    await expect.poll(session).toBe('Session: Away')
    await page.keyboard.press('Control+z')
    await status('undone: changed the text').waitFor()
    await page.keyboard.press('Control+y')
    await expect.poll(session).toBe('Session: Away')
  })
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
