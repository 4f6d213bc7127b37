import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtCommand } from '../built.ts'
import { hebrew, shakespeare } from '../golden/workbench.ts'
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

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const shaded = () => panel().getByRole('listbox', { name: /shaded by/ })

/** Where models are that commands name. */
const folders: Record<string, string> = { 'shakespeare-char': shakespeare }

async function run(words: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Text' })
  await prompt.fill(words)
  await prompt.press('Control+Enter')
}

/** The text of the tab as it is saved, and as the command that the file carries draws it. */
async function savedAndMade(): Promise<{ seen: string; made: string }> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^SVG (the text, )?vector/ }).click()
  const seen = await readFile(await (await downloading).path(), 'utf8')
  const [, command = ''] = /Again: npm run --silent lamella -- (.*?--out \S+)/s.exec(seen)!
  const place = await mkdtemp(join(tmpdir(), 'lamella-again-'))
  try {
    const file = join(place, 'a.svg')
    const again = command
      .replace(/figure (\S+)/, (_, name: string) => `figure ${folders[name]!}`)
      .replace(/--out \S+/, `--out ${file}`)
    await promisify(execFile)('bash', ['-c', `${process.execPath} ${builtCommand} ${again}`])
    return { seen: drawn(seen), made: drawn(await readFile(file, 'utf8')) }
  } finally {
    await rm(place, { recursive: true })
  }
}
/** What is drawn: without where it is from, which names the folder, and the fonts. */
const drawn = (svg: string) =>
  svg.replace(/<desc>.*?<\/desc>/s, '').replace(/<style>.*?<\/style>/s, '')

/** Where the letters of the screen's text are, and what each is. */
function lettersSeen() {
  return shaded()
    .getByRole('option')
    .evaluateAll(all =>
      all.map(piece => {
        const range = document.createRange()
        range.selectNodeContents(piece)
        const [letters, box] = [range.getBoundingClientRect(), piece.getBoundingClientRect()]
        return { text: piece.textContent, x: box.x, y: box.y, width: box.width, own: letters.width }
      })
    )
}

const english =
  'First Citizen:\nBefore we proceed any further, hear me speak. You are all resolved rather to die than to famish, and you know it well.\n\nAll:\nSpeak, speak.\n'
const ofTwoDirections =
  'בראשית 35% ברא aa אלהים את השמים 漢字 ואת הארצ.\nוהארצ הית 5-3 תהו ובהו וחשכ על פני תהומ ורוח אלהים מרחפת על פני המים.\n'

/** The Hebrew sample with other letters, numbers and wide letters in the place of some of its own. */
function mixedModel(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'mixed')
  cpSync(hebrew, folder, { recursive: true })
  const others: Readonly<Record<string, string>> = {
    ך: '漢',
    ף: '字',
    ץ: '%',
    ן: 'a',
    ס: '5',
    ז: '3'
  }
  const vocabulary = JSON.parse(readFileSync(join(hebrew, 'vocab.json'), 'utf8')) as object
  const entries = Object.entries(vocabulary).map(([letter, id]) => [
    others[letter] ?? letter,
    id as number
  ])
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify(Object.fromEntries(entries)))
  return folder
}

describe('a shaded text, as it is saved and as its command draws it', () => {
  it.each(['show text', 'show predictions', 'show saliency', 'show direct'])(
    'is the same: %s',
    async command => {
      await runCommand(page, command)
      await expectSame(english)
    }
  )

  it('is the same of letters of two directions, and of wide ones', async () => {
    const folder = mixedModel()
    folders.mixed = folder
    await openModel(page, folder)
    await runCommand(page, 'show text')
    await expectSame(ofTwoDirections)
    const tokens = await shaded().getByRole('option').all()
    const boxes = await Promise.all(tokens.map(token => token.boundingBox()))
    const xOf = (letter: string) => boxes[ofTwoDirections.indexOf(letter)]!.x
    // The line runs from the right, numbers and Latin letters in it from the left.
    expect(xOf('ר')).toBeLessThan(xOf('ב'))
    expect(xOf('3')).toBeLessThan(xOf('5'))
    expect(xOf('5')).toBeLessThan(xOf('%'))
    expect(xOf('漢')).toBeLessThan(xOf('字'))
    expect(boxes[ofTwoDirections.indexOf('漢')]!.width).toBeCloseTo(16.8, 1)
  })
})

async function expectSame(words: string): Promise<void> {
  await run(words)
  await shaded().waitFor()
  await expect.poll(() => shaded().getByRole('option').count()).toBe([...words].length)
  await expect.poll(() => panel().locator('.dimmed').count()).toBe(0)
  const { seen, made } = await savedAndMade()
  expect(seen.match(/<text /g)!.length).toBeGreaterThan(40)
  expect(made.split('\n')).toEqual(seen.split('\n'))
  // So the screen has it: its lines as far apart, its letters in the room that is reckoned for them.
  const letters = await lettersSeen()
  const tops = [...new Set(letters.map(({ y }) => Math.round(y)))].toSorted((a, b) => a - b)
  expect(tops.length).toBeGreaterThan(1)
  expect(tops).toEqual(tops.map((_, i) => tops[0]! + 26 * i))
  for (const { text, width, own } of letters) {
    // Letters of the fixed-width font fill it, and those of the Hebrew one.
    if (/^[ -~]*$/.test(text)) expect(width).toBeCloseTo(8.4 * text.length, 1)
    if (/[漢字]/.test(text)) expect(width).toBeCloseTo(16.8, 1)
    else expect(own).toBeCloseTo(width, 1)
  }
}
