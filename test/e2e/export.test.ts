import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decode } from 'fast-png'
import { strFromU8, unzipSync } from 'fflate'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hebrew, shakespeare } from '../golden/workbench.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
/** The folder that the user chooses. */
let chosen: string
beforeAll(async () => {
  served = await serveWindow()
  page = served.page
  chosen = mkdtempSync(join(tmpdir(), 'lamella-export-'))
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

/** Saves the active tab from its menu. @returns where the file is */
async function save(format: string | RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const download = await downloading
  const path = join(chosen, download.suggestedFilename())
  expect(dirname(path)).toBe(chosen)
  await download.saveAs(path)
  return path
}

describe('what a tab is saved as', () => {
  it('is a picture of the map that stands alone', async () => {
    const path = await save('SVG')
    expect(path).toMatch(/shakespeare-char-head-\d-\d-attention\.svg$/)
    const svg = readFileSync(path, 'utf8')
    const problems = await page.evaluate(text => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml')
      return document.querySelector('parsererror')?.textContent ?? null
    }, svg)
    expect(problems).toBeNull()
    expect(svg).toContain('>← query<')
  })

  it('is drawn beside the thread of the window', () => {
    const threads = page.workers().map(worker => worker.url())
    expect(threads.filter(url => url.includes('svg-worker'))).toHaveLength(1)
  })

  it('says where it comes from and brings its fonts, and the window says that it is saved', async () => {
    const svg = readFileSync(await save('SVG'), 'utf8')
    await page
      .getByRole('status', { name: 'Saved' })
      .getByText(/is saved, in the downloads/)
      .waitFor()
    expect(svg).toMatch(/<desc>Made by Lamella \d+\.\d+\.\d+\nModel: shakespeare-char, files /)
    expect(svg).toContain('Text: First Citizen:⟨0A⟩Before we')
    expect(svg).toContain("@font-face{font-family:'JetBrains Mono'")
    expect(svg).not.toContain("Noto Sans Hebrew';font-weight")
    const png = readFileSync(await save('PNG')).toString()
    expect(png).toMatch(/iTXtDescription\0{5}Made by Lamella [\d.]+\nModel: shakespeare-char/)
  })

  it('is the part that is seen, or all of it, of a map that is zoomed in', async () => {
    const map = page.getByRole('application').filter({ visible: true })
    await map.focus()
    for (let i = 0; i < 8; i++) await map.press('+')
    const part = readFileSync(await save(/^SVG the part that is seen/), 'utf8')
    const whole = readFileSync(await save(/^SVG the whole map/), 'utf8')
    expect(part).toContain('attention · part<')
    expect(part).not.toContain('>\u20680 F\u2069<')
    expect(whole).not.toContain('· part<')
    await map.press('0')
  })

  it('is pixels, 300 an inch', async () => {
    const { width, height } = decode(readFileSync(await save('PNG')))
    const svg = readFileSync(await save('SVG'), 'utf8')
    const [, svgWidth, svgHeight] = /<svg width="(\d+)" height="(\d+)"/.exec(svg)!
    const dots = (pixels: string | undefined) => Math.round((300 * Number(pixels)) / 96)
    expect([width, height]).toEqual([dots(svgWidth), dots(svgHeight)])
  })

  it('is a PDF whose texts are texts, in fonts of its own', async () => {
    const pdf = readFileSync(await save('PDF'))
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
    const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise
    const { items } = await (await document.getPage(1)).getTextContent()
    const words = items.map(item => ('str' in item ? item.str : '')).join('')
    expect(words).toContain('key, attended to →')
    const { info } = await document.getMetadata()
    expect(info).toMatchObject({
      Subject: expect.stringContaining('Model: shakespeare-char') as string
    })
    const raw = pdf.toString('latin1')
    const fonts = [...raw.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name)
    expect(fonts.length).toBeGreaterThan(2)
    expect(fonts.every(name => /^[A-Z]{6}\+/.test(name!))).toBe(true)
  })

  it('is numbers that NumPy and PyTorch read', async () => {
    const npz = unzipSync(readFileSync(await save('NPZ')))
    expect(Object.keys(npz)).toContain('weight.npy')
    const about = JSON.parse(strFromU8(npz['attributes.json']!)) as Record<string, unknown>
    expect(about).toMatchObject({ axes: { weight: ['query', 'key'] } })
    const file = readFileSync(await save('safetensors'))
    const header = file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString()
    expect(JSON.parse(header)).toMatchObject({ weight: { dtype: 'F32', shape: [81, 81] } })
  })

  it('is a notebook that draws it again', async () => {
    const notebook = JSON.parse(readFileSync(await save('Notebook'), 'utf8')) as {
      readonly cells: readonly { readonly source: string }[]
    }
    const all = notebook.cells.map(({ source }) => source).join('\n')
    expect(all).toContain('Text: First Citizen:')
    expect(all).toContain('data["weight"]')
    expect(all).toMatch(/compare\(attentions\[\d, \d\], /)
    // Of the model that is open it is known what it predicts, and that transformers loads it.
    expect(all).toContain('The same by PyTorch and transformers (4.56 or newer), and by how much')
  })

  it.each([
    ['Notebook', 'notebook-worker'],
    ['CSV', 'data-worker']
  ])('is made beside the thread of the window as %s, too', async (format, thread) => {
    const started: string[] = []
    page.on('worker', worker => started.push(worker.url()))
    await save(format)
    expect(started.filter(url => url.includes(thread))).toHaveLength(1)
    // Its thread ends with it.
    await expect.poll(() => page.workers().map(worker => worker.url()).join()).not.toContain(thread) // prettier-ignore
  })

  it('follows colours and scale', async () => {
    const before = readFileSync(await save('SVG'), 'utf8')
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByRole('menuitemradio', { name: 'Log1p' }).click()
    await page.keyboard.press('Escape')
    const after = readFileSync(await save('SVG'), 'utf8')
    expect(after).toContain('ln(1 + 100 w)')
    expect(before).not.toContain('ln(1 + 100 w)')
  })

  it('is chosen by keys, too', async () => {
    await page.keyboard.press('Control+Shift+E')
    await page.getByRole('menuitem', { name: 'SVG' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('menuitem').count()).toBe(0)
  })

  it('of a difference says where both come from', async () => {
    const head = page.getByRole('gridcell', { name: 'Head 2.1', exact: true })
    await head.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with another head…' }).click()
    await page.getByRole('option', { name: 'Head 1.3', exact: true }).click()
    await page.getByRole('radio', { name: 'Difference' }).click()
    await page.getByRole('application', { name: 'Difference of attention of Head 2.1' }).waitFor()
    const path = await save('SVG')
    expect(path).toContain('shakespeare-char-head-2-1-less-head-1-3-difference-of-attention')
    const [, told] = /<desc>([^<]*)<\/desc>/.exec(readFileSync(path, 'utf8'))!
    const [of, less] = told!.split('\nLess:\n')
    expect(of).toMatch(/files \w+\nHead 2\.1\nText: First Citizen/)
    expect(less).toMatch(/^Model: shakespeare-char, files \w+\nHead 1\.3\nText: First Citizen/)
    await page.keyboard.press('Alt+w')
  })

  it('is drawn for a paper, with its caption and the lines that show it', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('Control+Shift+E')
    await page.getByRole('menuitem', { name: 'For a paper' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Export for a paper' })
    await dialog.getByRole('img').waitFor()
    await dialog.getByRole('button', { name: /^Preset/ }).press('Enter')
    await page.getByRole('menuitemradio', { name: 'ICML' }).click()
    await dialog.getByRole('radio', { name: 'PNG' }).click()
    await dialog.getByRole('textbox', { name: 'Dots an inch' }).fill('600')
    await dialog.getByRole('textbox', { name: 'Letter of the panel' }).fill('b')
    await dialog.getByText(/^82\.55 × [\d.]+ mm, letters 8\.0 pt, 1950 × \d+ pixels$/).waitFor()
    const widthField = dialog.getByRole('textbox', { name: 'Width in mm' })
    await widthField.fill('abc')
    await widthField.press('Enter')
    await dialog.getByText('10 to 2000').waitFor()
    expect(await widthField.inputValue()).toBe('abc')
    await widthField.fill('82.55')
    await widthField.press('Tab')
    await dialog.getByText('10 to 2000').waitFor({ state: 'hidden' })
    // A width of one's own begins with the one that there is; Enter takes it, and saves nothing.
    await dialog.getByRole('radio', { name: 'other' }).click()
    expect(await widthField.inputValue()).toBe('82.55')
    const saved: string[] = []
    page.on('download', download => saved.push(download.suggestedFilename()))
    await widthField.fill('15')
    await widthField.press('Enter')
    await dialog.getByText(/^15 × [\d.]+ mm/).waitFor()
    await dialog.getByText(/smaller than the 5 pt/).waitFor()
    await dialog.getByRole('button', { name: 'Save PNG' }).waitFor()
    expect(saved).toEqual([])
    await widthField.fill('82.55')
    await widthField.press('Enter')
    await dialog.getByText(/^82\.55 × [\d.]+ mm/).waitFor()
    const caption = dialog.getByRole('textbox', { name: 'Caption' })
    expect(await caption.inputValue()).toMatch(/^Head \d\.\d of shakespeare-char \(files \w+\) on/)
    await caption.fill('50 % of it_')
    // All of it is in sight in a narrow window, too.
    await page.setViewportSize({ width: 640, height: 800 })
    const bottomOf = async (part: Locator) => {
      const { y, height } = (await part.boundingBox())!
      return y + height
    }
    const saving = dialog.getByRole('button', { name: 'Save PNG' })
    expect(await bottomOf(saving)).toBeLessThan(await bottomOf(dialog))
    await page.setViewportSize({ width: 1440, height: 900 })
    await dialog.getByRole('button', { name: 'LaTeX' }).click()
    await page.getByRole('status', { name: 'Saved' }).getByText('is copied').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain('\\includegraphics[width=82.55mm]')
    // ASCII, without spaces, and with one dot: TeX takes no others.
    expect(copied).toMatch(/\\detokenize\{[a-z0-9-]+\.png\}/)
    expect(copied).toContain('\\caption{50 \\% of it\\_}')
    expect(copied).toMatch(/\\label\{fig:[a-z0-9-]+\}/)
    await dialog.getByRole('button', { name: 'Command' }).click()
    await page.getByRole('status', { name: 'Saved' }).getByText('The command is copied').waitFor()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    expect(command).toMatch(/lamella -- figure \S+shakespeare-char --view attention --set layer=\d/)
    expect(command).toContain(' --preset icml --letter b --dpi 600 --out ')
    const preview = dialog.getByRole('img')
    const filter = () => preview.evaluate(own => getComputedStyle(own).filter)
    expect(await filter()).toBe('none')
    await dialog.getByRole('radio', { name: 'Grey' }).click()
    await expect.poll(filter).toBe('grayscale(1)')
    await dialog.getByRole('radio', { name: 'Colour' }).click()
    await expect.poll(filter).toBe('none')
    // What is asked for last is what is copied, though the picture takes longer.
    await dialog.getByRole('button', { name: 'Picture' }).click()
    await dialog
      .getByRole('group', { name: 'Copy' })
      .getByRole('button', { name: 'Caption' })
      .click()
    await page.getByRole('status', { name: 'Saved' }).getByText('The caption is copied').waitFor()
    await dialog.getByRole('button', { name: 'Picture' }).waitFor()
    await page.waitForTimeout(1500)
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('50 % of it_')
    await dialog.getByRole('button', { name: 'Picture' }).click()
    await page.getByRole('status', { name: 'Saved' }).getByText('The picture is copied').waitFor()
    const picture = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read()
      const { width, height } = await createImageBitmap(await item!.getType('image/png'))
      return { types: item!.types, width, height }
    })
    expect(picture).toMatchObject({ types: ['image/png'], width: 1950 })
    await dialog.getByRole('button', { name: 'Table' }).click()
    await page
      .getByRole('status', { name: 'Saved' })
      .getByText(/^The table .*is copied/)
      .waitFor()
    const table = await page.evaluate(() => navigator.clipboard.readText())
    const [names, ...rows] = table
      .trimEnd()
      .split('\r\n')
      .filter(line => !line.startsWith('#'))
    expect(names).toBe('query,query_label,key,key_label,weight')
    expect(rows).toHaveLength(81 ** 2)
    await dialog.getByRole('radio', { name: 'TIFF' }).click()
    const tiff = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save TIFF' }).click()
    await (await tiff).saveAs(join(chosen, 'paper.tiff'))
    const inTiff = readFileSync(join(chosen, 'paper.tiff'))
    expect(inTiff.subarray(0, 4).toString('latin1')).toBe('II*\0')
    // The first entry, of tag 256, is how wide it is.
    const entry = inTiff.readUInt32LE(4) + 2
    const [tag, type] = [inTiff.readUInt16LE(entry), inTiff.readUInt16LE(entry + 2)]
    const across = type === 3 ? inTiff.readUInt16LE(entry + 8) : inTiff.readUInt32LE(entry + 8)
    expect([tag, across]).toEqual([256, 1950])
    await dialog.getByRole('radio', { name: 'PNG' }).click()
    const downloading = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save PNG' }).click()
    const path = join(chosen, 'paper.png')
    await (await downloading).saveAs(path)
    const { width, resolution } = decode(readFileSync(path))
    expect(width).toBe(1950)
    expect(resolution).toMatchObject({ x: 23622 })
    await dialog.getByRole('radio', { name: 'HTML' }).click()
    const next = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save HTML' }).click()
    await (await next).saveAs(join(chosen, 'paper.html'))
    const [, spots] = /id="spots">([^<]*)</.exec(readFileSync(join(chosen, 'paper.html'), 'utf8'))!
    expect(JSON.parse(spots!)).toMatchObject({ grids: [{ rows: { name: 'query', count: 81 } }] })
    // Bold letters are the font's own, as they are in a PDF.
    await dialog.getByRole('radio', { name: 'LaTeX' }).click()
    await dialog.getByRole('radio', { name: 'SVG' }).click()
    const vector = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save SVG' }).click()
    const svg = readFileSync(await (await vector).path(), 'utf8')
    const faces = [...svg.matchAll(/font-family:'CMU Serif';font-weight:(\d+);src:url\(([^)]*)/g)]
    expect(faces.map(([, weight]) => weight)).toEqual(['400', '700'])
    expect(new Set(faces.map(([, , bytes]) => bytes)).size).toBe(2)
    // What is said of it lies over nothing of the dialog.
    await page.setViewportSize({ width: 640, height: 800 })
    const said = await page.getByRole('status', { name: 'Saved' }).boundingBox()
    expect(said!.y).toBeGreaterThanOrEqual(await bottomOf(dialog))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('is said in the status bar, over no button of it and no foot of a view', async () => {
    await page.setViewportSize({ width: 640, height: 800 })
    await save('SVG')
    const saved = page.getByRole('contentinfo').getByRole('status', { name: 'Saved' })
    await saved.waitFor()
    const covered = await saved.evaluate(own => {
      const all = [...document.querySelectorAll('button, [role=tabpanel]')]
      const box = own.getBoundingClientRect()
      return all
        .filter(other => !own.contains(other))
        .map(other => ({ other, at: other.getBoundingClientRect() }))
        .filter(({ at }) => at.width > 0 && at.left < box.right - 1 && at.right > box.left + 1)
        .filter(({ at }) => at.top < box.bottom - 1 && at.bottom > box.top + 1)
        .map(({ other }) => other.outerHTML)
    })
    expect(covered).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('is all that the overview knows', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('overview')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { selected: true }).filter({ hasText: 'Overview' }).waitFor()
    const path = await save(/^JSON all that is shown/)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      name: 'shakespeare-char',
      parameters: 826_240
    })
  })

  it('is pixels of letters, too, of an alphabet whose font has not been drawn before', async () => {
    await openModel(page, hebrew)
    await page.getByRole('tab').filter({ hasText: 'Attention' }).click()
    await page.getByRole('application', { name: ', 74 tokens' }).waitFor()
    const first = readFileSync(await save('PNG'))
    expect(first.equals(readFileSync(await save('PNG')))).toBe(true)
  })

  it('is inert, and stays in the folder, whatever the model calls itself and its tokens', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-names-')), 'model')
    cpSync(shakespeare, folder, { recursive: true })
    const markup = '<img src=x onerror="window.planted=1"><script>window.planted=1</script>'
    const name = `../../${markup}\u202egpj\0CON`
    writeFileSync(join(folder, 'lamella.json'), JSON.stringify({ name }))
    const file = join(folder, 'tokenizer.json')
    const json = JSON.parse(readFileSync(file, 'utf8')) as {
      added_tokens: object[]
      model: { vocab: Record<string, number> }
    }
    json.added_tokens.push({ id: json.model.vocab.X, content: '<b>"&\u202e', normalized: false })
    delete json.model.vocab.X
    writeFileSync(file, JSON.stringify(json))

    await openModel(page, folder)
    await page.getByRole('tab').filter({ hasText: 'Attention' }).click()
    const prompt = page.getByRole('textbox', { name: 'Text' })
    await prompt.fill('ab<b>"&\u202ec')
    await prompt.press('Control+Enter')
    await page.getByRole('application', { name: ', 4 tokens' }).waitFor()

    const path = await save('SVG')
    const svg = readFileSync(path, 'utf8')
    expect(svg).not.toMatch(/[\0-\x08\x0b-\x1f\u202a-\u202e]/)
    const viewer = await page.context().newPage()
    await viewer.goto(pathToFileURL(path).href)
    expect(await viewer.evaluate(() => Reflect.get(window, 'planted') as unknown)).toBeUndefined()
    expect(await viewer.locator('script, img, foreignObject').count()).toBe(0)
    expect(await viewer.locator('text').allTextContents()).toContain('\u2068<b>"&⟨202E⟩\u2069')
    await viewer.close()
  })

  it('had nothing to complain of', () => {
    expect(served.complaints).toEqual([])
  })
})
