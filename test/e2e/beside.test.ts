import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const text = 'To be, or not to be: that is the question'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({ reducedMotion: 'reduce' }, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const second = () => panel().getByRole('group', { name: 'Compared with' })

/** Shows a view, and beside it the same of another text. */
async function compared(view: string): Promise<void> {
  await runCommand(page, `show ${view}`)
  await page.getByRole('tab', { selected: true }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Compare with another text…' }).click()
  await page.getByRole('combobox').last().fill(text)
  await page.keyboard.press('Enter')
  await second().waitFor()
}

async function saved(format: RegExp): Promise<{ name: string; text: string }> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  const download = await downloading
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8')
  }
}

describe('a shaded text', () => {
  const highest = () => panel().locator('.foot .range').allTextContents()

  it('has one range of colours with the one beside it', async () => {
    await compared('text')
    await expect.poll(async () => (await highest()).length).toBe(2)
    await expect.poll(async () => new Set(await highest()).size).toBe(1)
    const [shared = ''] = await highest()
    expect(shared).toContain('of both')
    const strongest = await panel().locator('.foot li:first-child strong').allTextContents()
    expect(strongest).toHaveLength(2)
    const most = Math.max(...strongest.map(Number))
    expect(Number(/^0\s*([\d.]+)/.exec(shared.trim())![1])).toBe(most)
  })

  it('is saved with the one beside it, as one figure and with all numbers', async () => {
    const { text: svg } = await saved(/^SVG.*both sides/)
    expect(svg).toContain('Beside:')
    expect(svg).toContain(`Text: ${text}`)
    expect(svg.match(/<svg/g)).toHaveLength(1)
    expect(svg).toMatch(/>shakespeare-char · Head \d\.\d[^<]*First Citizen|>Head \d\.\d · First/)
    expect((await saved(/^PDF.*both sides/)).text.slice(0, 5)).toBe('%PDF-')
    const json = JSON.parse((await saved(/^JSON.*both sides/)).text) as {
      axes: Record<string, { length: number }>
    }
    expect(json.axes['first.token']!.length).toBe(81)
    expect(json.axes['second.token']!.length).toBe(text.length)
  })
})

describe('lines', () => {
  it('are saved with those beside them', async () => {
    await compared('lines')
    await expect.poll(async () => (await saved(/^SVG/)).text).toContain('Beside:')
    const { text: svg } = await saved(/^SVG.*both sides/)
    expect(svg).toContain(`Text: ${text}`)
  })
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
