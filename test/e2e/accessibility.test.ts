import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

/** Something moved without the window being asked to. */
interface Shift extends PerformanceEntry {
  readonly sources: readonly { readonly node: Node | null }[]
}

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })

/** Roles and names of what a part of the page has; numbers that are measured and folders of the machine stand as one. */
async function tree(part: Locator = panel()): Promise<string> {
  const snapshot = await part.ariaSnapshot()
  const shared = snapshot
    .replaceAll(projectRoot, '/lamella')
    .replaceAll(served.dataFolder, '/data')
    .replaceAll(/\b\d\.\d{2,}(e−\d+)?/g, '0.0')
    .replaceAll(/\b\d\d:\d\d\b/g, '00:00')
  return `${shared}\n`
}
/** The same where sizes, the provider, packages and folders are the machine's. */
const treeHere = async (part: Locator) =>
  (await tree(part))
    .replaceAll(/\b[\d.,]+ (bytes|kB|MB|GB|TB)/g, '0 MB')
    .replace(/(textbox "Budget": ).*/, '$1"0"')
    .replace(/definition: (cpu|webgpu|cuda)\b/, 'definition: cpu')
    // Notices are of what is built in.
    .replaceAll(/^(.{200}).{2000,}$/gm, '$1…')
    .replace(/ +- button "Hugging Face cache"\n/, '')
    .replace(/( +)(- navigation "Folders above":\n)(?: +- button .*\n)+/, '$1$2$1  - button "/"\n')

const command = (title: string) => runCommand(page, title)
const file = (name: string) => join(import.meta.dirname, 'accessibility', `${name}.txt`)

describe('the accessibility tree', () => {
  it('of the attention view', async () => {
    await page.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
    await expect(await tree()).toMatchFileSnapshot(file('attention'))
  })

  it('of a head', async () => {
    await panel()
      .getByRole('button', { name: / in a tab$/ })
      .click()
    const own = page.getByRole('tabpanel', { name: 'Head 0.0 · attention' })
    await own.getByRole('status', { name: 'Read-out' }).getByText('weight').waitFor()
    // Whether there is room for it is known once the map is measured, with the next frame.
    await own.getByRole('img', { name: /^Colour bar: / }).waitFor({ state: 'attached' })
    await expect(await tree()).toMatchFileSnapshot(file('head'))
  })

  it('of the overview', async () => {
    await page.getByRole('tab').filter({ hasText: 'Overview' }).click()
    await panel().getByText('transformer.wte.weight').first().waitFor()
    // How many rows are seen is known once the table is measured, with the next frame.
    await panel()
      .getByRole('row', { name: /^transformer\.h\.1\.attn\.c_proj\.weight / })
      .waitFor()
    await expect(await tree()).toMatchFileSnapshot(file('overview'))
  })

  it('of the explorers of models and of views', async () => {
    const explorer = page.getByRole('complementary', { name: 'Models' })
    await expect(await tree(explorer)).toMatchFileSnapshot(file('explorer-models'))
    await command('> find a view')
    const gallery = page.getByRole('complementary', { name: 'Views' })
    await gallery.getByRole('searchbox').waitFor()
    await expect(await tree(gallery)).toMatchFileSnapshot(file('explorer-views'))
    await command('> show or hide the models')
    await explorer.waitFor()
  })

  it('of the explorer of texts, and of what is made there', async () => {
    await command('> find a text')
    const texts = page.getByRole('complementary', { name: 'Texts' })
    await texts.getByRole('treeitem', { name: /^First Citizen/ }).waitFor()
    await expect(await tree(texts)).toMatchFileSnapshot(file('explorer-texts'))
    for (const [entry, title] of [
      ['Text…', 'New text'],
      ['Contrast pair…', 'New pair'],
      ['Corpus…', 'New corpus']
    ] as const) {
      await texts.getByRole('button', { name: 'New…' }).click()
      await page.getByRole('menuitem', { name: entry }).click()
      const dialog = page.getByRole('dialog', { name: title })
      await dialog.waitFor()
      await expect(await tree(dialog)).toMatchFileSnapshot(
        file(`dialog-${title.toLowerCase().replace(' ', '-')}`)
      )
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    await command('> show or hide the models')
  })

  it('of the dialog that opens models', async () => {
    const folder = join(served.dataFolder, 'models')
    // Of two none is opened in place of the folder.
    for (const name of ['another', 'home-made'])
      cpSync(hebrew, join(folder, name), { recursive: true })
    await page.keyboard.press('Control+o')
    const dialog = page.getByRole('dialog', { name: 'Open a model' })
    await dialog
      .getByRole('button', { name: 'Open this folder' })
      .and(page.locator(':enabled'))
      .waitFor()
    await dialog.getByRole('textbox', { name: 'Path' }).fill(folder)
    await dialog.getByRole('button', { name: 'Go', exact: true }).click()
    await dialog.getByRole('option', { name: /^home-made/ }).waitFor()
    await expect(await treeHere(dialog)).toMatchFileSnapshot(file('dialog-open'))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  for (const [name, title, asked] of [
    ['keys', 'Keys', '> list of keys'],
    ['memory', 'Memory budget', '> memory budget'],
    ['notices', 'Third-party notices', '> third-party notices'],
    ['number', 'Scale head 0.0', '> scale head']
  ] as const)
    it(`of the dialog ${title}`, async () => {
      await command(asked)
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('heading', { name: title }).waitFor()
      // The budget and the notices come after the dialog.
      await dialog
        .getByRole('button', { name: 'Save', disabled: true })
        .waitFor({ state: 'detached' })
      await dialog.getByText('Reading…').waitFor({ state: 'detached' })
      await expect(await treeHere(dialog)).toMatchFileSnapshot(file(`dialog-${name}`))
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    })

  it('of the palette', async () => {
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox').fill('> split the tab')
    await expect.poll(() => dialog.getByRole('option').count()).toBe(2)
    await expect(await tree(dialog)).toMatchFileSnapshot(file('palette'))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('of the settings', async () => {
    await page.keyboard.press('Control+,')
    await panel().getByRole('group', { name: 'Data folder' }).getByText(served.dataFolder).waitFor()
    await panel()
      .getByRole('group', { name: 'About Lamella' })
      .getByText(served.dataFolder)
      .waitFor()
    await expect(await treeHere(panel())).toMatchFileSnapshot(file('settings'))
    await page.keyboard.press('Alt+w')
  })
})

describe('what moves where little is to move', () => {
  it('comes to rest: without an end it would be somewhere else in each frame', async () => {
    const turns = await page.evaluate(() => {
      const waiting = document.createElement('i')
      waiting.className = 'spin'
      document.body.append(waiting)
      const own = waiting.getAnimations().map(({ effect }) => effect!.getTiming().iterations)
      waiting.remove()
      return own
    })
    expect(turns).toEqual([1])
  })
})

describe('the pointer', () => {
  it('moves nothing of the window while it moves over tokens, maps and small maps', async () => {
    await page.getByRole('tab', { name: 'Attention', exact: true }).click()
    const map = panel().getByRole('application')
    await map.waitFor()
    // What the change of tabs moves has been moved by then: nothing is for half a second, and in the frame after it.
    await page.evaluate(
      () =>
        new Promise<void>(resolve => {
          const drawn = () => requestAnimationFrame(() => setTimeout(resolve))
          let timer = setTimeout(drawn, 500)
          new PerformanceObserver(() => {
            clearTimeout(timer)
            timer = setTimeout(drawn, 500)
          }).observe({ type: 'layout-shift' })
        })
    )
    await page.evaluate(() => {
      const shifts: string[] = []
      Reflect.set(window, 'shifts', shifts)
      new PerformanceObserver(list => {
        const moved = (list.getEntries() as Shift[]).flatMap(({ sources }) => sources)
        for (const { node } of moved) {
          const element = node instanceof Element ? node : node?.parentElement
          // The card and the read-out are of what is pointed at.
          if (element && !element.closest('[role=tooltip], [role=status]'))
            shifts.push(element.outerHTML)
        }
      }).observe({ type: 'layout-shift' })
    })
    for (const token of [3, 10, 40])
      await page.getByRole('listbox', { name: 'Tokens' }).getByRole('option').nth(token).hover()
    const box = (await map.boundingBox())!
    for (const share of [0.3, 0.5, 0.7])
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * share)
    for (const head of ['Head 0.1', 'Head 2.2'])
      await page.getByRole('gridcell', { name: head, exact: true }).hover()
    await page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await page.evaluate(() => Reflect.get(window, 'shifts') as string[])).toEqual([])
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})

describe('the accessibility tree', () => {
  it('of a description', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-home-made-')), 'home-made')
    cpSync(hebrew, folder, { recursive: true })
    rmSync(join(folder, 'lamella.json'))
    await openModel(page, folder)
    await page.getByRole('button', { name: 'Describe this model…' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Describe this model' })
    await dialog.getByRole('group', { name: 'Reading' }).getByText('q_proj').first().waitFor()
    await expect(await tree(dialog)).toMatchFileSnapshot(file('dialog-describe'))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(served.complaints).toEqual([])
  })
})
