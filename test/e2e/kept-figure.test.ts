import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReportedExample } from '../main/session/reported-example.ts'
import { runCommand } from './command.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-kept-figure-'))
let served: ServedWindow
let page: Page
beforeAll(async () => {
  await writeReportedExample(join(folder, 'paper.lamella'))
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const sheet = () => page.getByRole('region', { name: 'Page' })
const figure = () => sheet().getByRole('img', { name: 'Heads of block 1' })
const titles = () =>
  page
    .getByRole('region', { name: 'Panels' })
    .getByRole('textbox', { name: /^Title/ })
    .evaluateAll(fields => fields.map(field => (field as HTMLInputElement).value))

/** What a click or a command saves. */
async function saved(ask: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const downloading = page.waitForEvent('download')
  await ask()
  const download = await downloading
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return { name: download.suggestedFilename(), content: readFileSync(path) }
}

describe('a saved session whose model is nowhere', () => {
  it('opens with its figure drawn, and says which panel cannot be', async () => {
    await openPath(page, join(folder, 'paper.lamella'))
    await figure().waitFor()
    await expect.poll(titles).toEqual(['Head 1.3', 'Parameters', 'Damaged'])
    await sheet().getByRole('button', { name: 'Panel (c) Damaged' }).waitFor()
    await page.getByText('What this panel is drawn of cannot be read').first().waitFor()
  })

  it('saves its figure, with the command that draws it again', async () => {
    const { content } = await saved(async () => {
      await page
        .getByRole('button', { name: 'Export', exact: true })
        .filter({ visible: true })
        .click()
      await page.getByRole('menuitem', { name: 'SVG' }).first().click()
    })
    const svg = content.toString()
    expect(svg).toMatch(/>\(a\) Head 1\.3</)
    expect(svg).toContain(`--figure 'Heads of block 1'`)
  })

  it('is there after a reload, as it was', async () => {
    await expect.poll(() => served.saved()).toContain('Heads of block 1')
    await page.reload()
    await figure().waitFor()
    await expect.poll(titles).toEqual(['Head 1.3', 'Parameters', 'Damaged'])
  })

  it('gives up a figure that is not drawn when that is asked for, and draws it when it is tried again', async () => {
    // The thread that draws never comes.
    await page.route(/svg-worker/, () => undefined)
    await page.reload()
    await page.getByText('The figure is being drawn').waitFor()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('alert').getByText('Drawing it was cancelled.').waitFor()
    await page.getByRole('textbox', { name: 'Title of panel (a)' }).waitFor()
    await page.unroute(/svg-worker/)
    await page.getByRole('button', { name: 'Try again' }).click()
    await figure().waitFor()
    await page
      .getByRole('alert')
      .getByText('Drawing it was cancelled.')
      .waitFor({ state: 'hidden' })
  })

  it('is written as a document, from the menu and by a command', async () => {
    const html = await saved(() => runCommand(page, 'report of the session as a page'))
    expect(html.name).toBe('paper.html')
    const text = html.content.toString()
    for (const said of ['<b>Held: </b>', 'Figure 1. Heads of block 1.', 'שלום לכולם'])
      expect(text).toContain(said)
    expect(text).toContain('not there as this was made')
    expect(text).not.toContain('<script')
    const pdf = await saved(async () => {
      await page.getByRole('button', { name: /^Session: / }).click()
      await page.getByRole('menuitem', { name: 'Report as PDF' }).click()
    })
    expect(pdf.name).toBe('paper.pdf')
    expect(pdf.content.toString('latin1')).toMatch(/^%PDF-1\.5/)
    await page.getByRole('status', { name: 'Saved' }).getByText('paper.pdf').waitFor()
    expect(served.complaints).toEqual([])
  })
})
