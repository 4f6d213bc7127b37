import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { hebrew, projectRoot, shakespeare } from '../golden/workbench.ts'
import { faintTexts } from './contrast.ts'
import { maskedModel } from './masked-model.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show predictions')
  await shaded().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const shaded = () => panel().getByRole('listbox', { name: /^Text shaded by/ })
const side = () => panel().getByRole('complementary', { name: 'What is expected' })
const heading = () => side().getByRole('heading')
const told = async (name: string) => {
  const row = side().locator('dt', { hasText: name }).locator('+ dd')
  return Number((await row.getAttribute('title')) ?? (await row.textContent()))
}
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const on = () => panel().getByRole('listbox', { name: /^How the text goes on/ })
const might = () => panel().getByRole('list', { name: 'What might have come' }).getByRole('button')
const written = () => on().textContent()
/** A row of a list without spaces, and without what is said of one alone. */
const plain = (row: string) => row.replace(/is there|came|taken/, '').replaceAll(/\s/g, '')
/** The code of a notebook that is saved of what is shown. */
async function notebook(of = ''): Promise<string> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: `Notebook ${of}`.trim() }).click()
  return readFileSync(await (await downloading).path(), 'utf8').replaceAll('\\"', '"')
}
const choose = (name: string) => panel().getByRole('radio', { name, exact: true }).click()

/** The lines of a text that was saved, and the colours of the signs at their ends. */
async function drawnText(path: string) {
  const svg = await readFile(path, 'utf8')
  const lines = new Map<string, string>()
  const signs = new Set<string>()
  for (const [, y, fill, text] of svg.matchAll(
    /<text [^>]*translate\(\S+ ([\d.]+)\)" fill="([^"]+)">([^<]*)<\/text>/g
  )) {
    lines.set(y!, (lines.get(y!) ?? '') + text!.replaceAll(/[\u2066-\u2069]/g, ''))
    if (text!.includes('↵')) signs.add(fill!)
  }
  return { svg, lines: [...lines.values()].filter(line => line.endsWith('↵')), signs: [...signs] }
}

describe('predictions of a text', () => {
  it('tells what was expected of a token, as the inspector does of the one before', async () => {
    await shaded().locator('[data-index="10"]').click()
    await expect.poll(() => heading().textContent()).toMatch(/^\s*Expected\s*at 10/)
    const own = side().getByRole('list', { name: 'Most probable tokens' }).getByRole('listitem')
    const listed = async () => (await own.allTextContents()).slice(0, 5).map(plain)
    const before = shaded().locator('[data-index="9"]')
    await expect
      .poll(async () => {
        await shaded().locator('[data-index="10"]').click()
        const told = await listed()
        await before.click()
        const list = inspector().getByRole('list', { name: 'Expected next tokens' })
        const other = await list.getByRole('listitem').allTextContents()
        return told.join() === other.map(plain).join()
      })
      .toBe(true)
  })

  it('tells by arrow keys and clicks how each token was expected', async () => {
    await shaded().focus()
    await shaded().press('Home')
    await side().getByText('Nothing comes before it to expect it by.').waitFor()
    await shaded().press('ArrowRight')
    await expect.poll(() => heading().textContent()).toMatch(/^\s*Expected\s*at 1\s*i/)
    const surprisal = await told('Its surprisal')
    expect(await told('Its probability')).toBeCloseTo(Math.exp(-surprisal), 6)
    const bars = panel().getByRole('img', { name: 'surprisal, nats of each token' })
    const { width, height } = (await bars.boundingBox())!
    await bars.click({ position: { x: width / 2, y: height / 2 } })
    await expect.poll(() => heading().textContent()).toMatch(/at \d\d/)
    await panel()
      .getByText(/^mean surprisal .* perplexity /)
      .waitFor()
  })

  it('is saved with its numbers', async () => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /^CSV/ }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('shakespeare-char-surprisal-of-tokens.csv')
    expect(readFileSync(await download.path(), 'utf8')).toMatch(
      /probability.*surprisal.*rank.*entropy/
    )
  })

  it('is drawn by its command in the lines that are seen, with faint signs where they end', async () => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'SVG' }).first().click()
    const seen = await drawnText(await (await downloading).path())
    const [, command = ''] = /Again: npm run --silent lamella -- (.*?--out \S+)/s.exec(seen.svg)!
    const at = await mkdtemp(join(tmpdir(), 'lamella-again-'))
    try {
      const again = command
        .replace('figure shakespeare-char', `figure ${shakespeare}`)
        .replace(/--out \S+/, `--out ${join(at, 'a.svg')}`)
      const line = `${process.execPath} out/main/cli.js ${again}`
      await promisify(execFile)('bash', ['-c', line], { cwd: projectRoot })
      const made = await drawnText(join(at, 'a.svg'))
      expect(seen.lines.length).toBeGreaterThan(2)
      expect(made.lines).toEqual(seen.lines)
      expect(made.signs).toHaveLength(1)
      expect(seen.signs).toEqual(made.signs)
    } finally {
      await rm(at, { recursive: true })
    }
  })

  it.each(['the text', 'bars'])('is a notebook that draws %s', async form => {
    expect(await notebook(form)).toContain('data["surprisal"]')
  })
})

describe('how a text goes on', () => {
  it('goes on once it is asked to, and anew from a token that is taken', async () => {
    await choose('How it goes on')
    await panel().getByRole('button', { name: 'Go on with the text' }).click()
    await on().waitFor()
    const before = await written()
    await on().focus()
    await on().press('End')
    for (let i = 0; i < 20; i++) await on().press('ArrowLeft')
    await panel()
      .getByRole('heading', { name: /^Step 20/ })
      .waitFor()
    await might().nth(1).click()
    await expect.poll(written).not.toBe(before)
    // What came before it stays.
    expect((await written())!.slice(0, 81 + 15)).toBe(before!.slice(0, 81 + 15))
    await panel().getByText('taken', { exact: true }).waitFor()
    await panel().getByText('60 tokens: 20 kept, then 40, as long as was asked for').waitFor()
  })

  it('is the same after a reload, and lets go of what was taken', async () => {
    const taken = await written()
    await page.reload()
    await expect.poll(written).toBe(taken)
    await on()
      .locator(`[data-index="${81 + 19}"]`)
      .click()
    await panel().getByRole('button', { name: 'Let the model choose' }).click()
    await expect.poll(written).not.toBe(taken)
  })

  it('draws by chance, alike by equal seeds', async () => {
    const probable = await written()
    await choose('Drawn')
    await expect.poll(written).not.toBe(probable)
    const first = await written()
    const seed = panel().getByRole('textbox', { name: 'Seed' })
    await seed.fill('5')
    await seed.press('Enter')
    await expect.poll(written).not.toBe(first)
    await seed.fill('0')
    await seed.press('Enter')
    await expect.poll(written).toBe(first)
  })

  it('is a notebook that draws it', async () => {
    expect(await notebook()).toContain('data["probability"]')
  })

  it('opens the run that a token was chosen by, which expects that token', async () => {
    await on()
      .locator(`[data-index="${81 + 30}"]`)
      .click()
    await panel()
      .getByRole('heading', { name: /^Step 31/ })
      .waitFor()
    const candidates = await might().allTextContents()
    await panel().getByRole('button', { name: 'Open its run' }).click()
    await heading().getByText('Expected after the text').waitFor()
    const own = side().getByRole('list', { name: 'Most probable tokens' }).getByRole('listitem')
    await expect
      .poll(async () => (await own.allTextContents()).map(plain))
      .toEqual(candidates.map(plain))
    await page.keyboard.press('Alt+w')
  })
})

describe('a text that runs from right to left', () => {
  it('has its bars open where it begins, and tells all of how it was expected at 640 pixels', async () => {
    await openModel(page, hebrew)
    await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
    await choose('The text')
    await page.setViewportSize({ width: 640, height: 800 })
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('בראשית ברא אלהים את השמים ואת הארץ '.repeat(3))
    await text.press('Control+Enter')
    // The model's own text has these words, too.
    await shaded().locator('[data-index="104"]').waitFor()
    const bars = panel().getByRole('img', { name: 'surprisal, nats of each token' })
    const fromEnd = () =>
      bars.evaluate(own => [
        own.scrollWidth > own.clientWidth,
        Math.round(own.scrollWidth - own.clientWidth - own.scrollLeft)
      ])
    await expect.poll(fromEnd).toEqual([true, 0])
    await shaded().locator('[data-index="12"]').click()
    const told = panel().getByText(/^mean surprisal .* perplexity /)
    await panel()
      .getByText(/^12 .*: probability .*; entropy .* nats$/)
      .waitFor()
    const cut = await told.evaluate(
      own => own.scrollWidth > own.clientWidth + 1 || own.scrollHeight > own.clientHeight + 1
    )
    expect(cut).toBe(false)
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})

describe('a model of masked tokens', () => {
  it('hides a token and asks for it, and does not go on, at 640 pixels too', async () => {
    await openModel(page, maskedModel())
    await page.getByRole('button', { name: 'masked' }).first().waitFor()
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('the cat sat on the mat')
    await text.press('Control+Enter')
    await expect.poll(() => shaded().textContent()).toContain('cat')
    await page.setViewportSize({ width: 640, height: 800 })
    await shaded().locator('[data-index="2"]').click()
    await expect.poll(() => heading().textContent()).toMatch(/in sight of itself\s*at 2\s*cat/)
    const seen = await told('Its surprisal')
    await side().getByRole('button', { name: 'Hide it and ask' }).click()
    await heading().getByText('Expected, hidden').waitFor()
    expect(await heading().textContent()).toContain('cat')
    await expect.poll(() => told('Its surprisal')).not.toBe(seen)
    expect(await panel().getByRole('radio', { name: 'How it goes on' }).isDisabled()).toBe(true)
    // The shades behind letters are painted: they are not seen there.
    const faint = await faintTexts(page)
    expect(faint.filter(text => !text.includes('on-shade'))).toEqual([])
    await panel().getByRole('button', { name: 'Show all 1 hidden' }).click()
    await expect.poll(() => told('Its surprisal')).toBe(seen)
    expect(served.complaints).toEqual([])
  })

  it('begins at a mask that the text has, of which it says what is expected and not that it sees itself', async () => {
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('the [MASK] sat on the mat')
    await text.press('Control+Enter')
    await expect.poll(() => shaded().textContent()).toContain('[MASK]')
    await expect.poll(() => heading().textContent()).toMatch(/^\s*Expected\s*at 2\s*\[MASK\]/)
    await panel().getByText('each token but the mask is in sight of itself').waitFor()
    expect(await side().getByText('Its surprisal').count()).toBe(0)
    await shaded().locator('[data-index="2"]').click()
    await panel().getByText('2 “\u2068[MASK]\u2069”: nobody tells what it hides').waitFor()
    await shaded().locator('[data-index="3"]').click()
    await expect.poll(() => heading().textContent()).toMatch(/in sight of itself\s*at 3\s*sat/)
    expect(await told('Its surprisal')).not.toBe('')
  })
})
