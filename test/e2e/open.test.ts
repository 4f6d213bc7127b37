import { cpSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shakespeare } from '../golden/workbench.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  const cache = mkdtempSync(join(tmpdir(), 'lamella-cache-'))
  const snapshot = join(cache, 'models--ada--tiny-poet', 'snapshots', 'abc')
  mkdirSync(snapshot, { recursive: true })
  cpSync(shakespeare, snapshot, { recursive: true })
  const before = process.env['HF_HUB_CACHE']
  process.env['HF_HUB_CACHE'] = cache
  try {
    served = await serveWindow()
  } finally {
    if (before === undefined) delete process.env['HF_HUB_CACHE']
    else process.env['HF_HUB_CACHE'] = before
  }
  page = served.page
  await page.getByRole('treeitem', { name: /^shakespeare-char/ }).waitFor()
})
afterAll(() => served.close())

/** What a browser sends when files are dragged over the window and let go. */
function dropFile(type: 'dragover' | 'drop'): Promise<boolean> {
  return page.evaluate(type => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'model.safetensors'))
    const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })
    document.querySelector('main')!.dispatchEvent(event)
    return event.defaultPrevented
  }, type)
}

describe('the Hugging Face cache', () => {
  it('is among the commands', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('option', { name: 'Open ada/tiny-poet' }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('is listed in the dialog with names and sizes, and its models open', async () => {
    await page.keyboard.press('Control+o')
    await page.getByRole('button', { name: 'Hugging Face cache' }).click()
    const entry = page.getByRole('option', { name: 'ada/tiny-poet' })
    expect(await entry.textContent()).toMatch(/3\.\d+ MB/)
    await page.getByRole('combobox', { name: 'Filter this folder' }).fill('poet')
    await page.keyboard.press('Enter')
    await page.getByRole('treeitem', { name: /^ada\/tiny-poet/ }).waitFor()
  })

  it('gives way to a folder, and is there again', async () => {
    await page.keyboard.press('Control+o')
    await page.getByRole('option', { name: 'ada/tiny-poet' }).waitFor()
    await page.getByRole('button', { name: 'Samples', exact: true }).click()
    await page.getByRole('option', { name: 'shakespeare-char' }).waitFor()
    expect(await page.getByRole('option', { name: 'ada/tiny-poet' }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })
})

describe('models of one name', () => {
  const own = 'shakespeare-char · fine-tuned'
  const sample = 'shakespeare-char · samples'
  const line = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })

  it('are told apart by their folders, wherever they are named', async () => {
    const folder = join(
      mkdtempSync(join(tmpdir(), 'lamella-e2e-')),
      'fine-tuned',
      'shakespeare-char'
    )
    cpSync(shakespeare, folder, { recursive: true })
    await openModel(page, folder)
    await line(own).waitFor()
    await line(sample).waitFor()
    await expect.poll(() => page.title()).toBe(`${own} — Lamella`)
    await page.getByRole('button', { name: `Model: ${own}` }).click()
    await page.getByRole('menuitemradio', { name: sample }).waitFor()
    await page.getByRole('menuitem', { name: `Close ${own}` }).waitFor()
    await page.keyboard.press('Escape')
    const trail = page.getByRole('list', { name: 'What this is about' })
    await trail.getByText(own, { exact: true }).waitFor()
  })

  it('are cut before what tells them apart, where there is little room', async () => {
    const bar = page.getByRole('button', { name: `Model: ${own}` })
    for (const place of [bar, line(own)]) {
      const beyond = (text: string) =>
        place
          .getByText(text)
          .last()
          .evaluate(element => element.scrollWidth - element.clientWidth)
      expect(await beyond('shakespeare-char')).toBeGreaterThan(0)
      expect(await beyond('· fine-tuned')).toBe(0)
    }
  })

  it('are told apart in the tab that stays on one, and in a comparison', async () => {
    await line(own).click({ button: 'right' })
    await page.getByRole('menu', { name: own }).waitFor()
    await page.getByRole('menuitem', { name: 'Open as overview' }).click()
    await page.getByRole('tab', { name: `Overview · ${own}` }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('menuitem', { name: /^JSON all that is shown/ }).click()
    expect((await downloading).suggestedFilename()).toBe(`${own} · overview.json`)
    await page.getByRole('tab', { name: 'Attention' }).click()
    const head = page.getByRole('gridcell', { name: 'Head 2.1', exact: true })
    await head.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with another model…' }).click()
    await page.getByRole('option', { name: sample }).click()
    // What is saved as it is seen names no folders.
    await page.getByRole('figure').getByText('the first · Head 2.1').waitFor()
    await page.getByRole('figure').getByText('the second · Head 2.1').waitFor()
  })

  it('have their names alone once they are the only ones', async () => {
    await line(own).hover()
    await page.getByRole('button', { name: `Close ${own}` }).click()
    await line(sample).waitFor({ state: 'detached' })
    await line('shakespeare-char').waitFor()
  })
})

describe('what is dropped onto the window', () => {
  it('in a browser is told to be out of reach, and the page stays', async () => {
    expect(await dropFile('dragover')).toBe(true)
    await page.getByText('Drop a model or a session to open it').waitFor()
    expect(await dropFile('drop')).toBe(true)
    const notice = page.getByRole('alert').filter({ hasText: 'What was dropped' })
    await notice.getByText('A browser does not tell where it lies on the disk.').waitFor()
    expect(await page.getByText('Drop a model or a session').count()).toBe(0)
    await notice.getByRole('button', { name: 'Open…' }).click()
    await page.getByRole('dialog', { name: 'Open a model' }).waitFor()
    expect(await notice.count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  it('opens where its path can be known', async () => {
    await page.evaluate(path => {
      Reflect.set(window, 'lamella', { pathOf: (file: File) => `${path}/${file.name}` })
    }, shakespeare)
    await dropFile('drop')
    await page.getByRole('treeitem', { name: /^shakespeare-char · model\.safetensors/ }).waitFor()
  })

  it('is chosen by a button where a folder holds several', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-several-')), 'two-poets')
    cpSync(shakespeare, folder, { recursive: true })
    cpSync(join(folder, 'model.safetensors'), join(folder, 'second.safetensors'))
    renameSync(join(folder, 'model.safetensors'), join(folder, 'first.safetensors'))
    await openPath(page, folder)
    await page.getByRole('button', { name: 'Open second.safetensors' }).click()
    await page.getByRole('treeitem', { name: /^second.safetensors/ }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
