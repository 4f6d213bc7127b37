import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { corpusSources } from '../../../../src/main/workbench/analysis/corpus-sources.ts'
import {
  corpusStart,
  type CorpusPlace,
  type CorpusWindow
} from '../../../../src/main/workbench/analysis/corpus-window.ts'
import {
  beginCorpus,
  corpusWindows
} from '../../../../src/main/workbench/analysis/corpus-windows.ts'
import { runnable, type Runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { shakespeare, openedModel, uncancelled } from '../../../golden/workbench.ts'

const { signal } = new AbortController()
let model: Runnable
beforeAll(async () => {
  model = runnable(await openedModel(shakespeare))
})

async function windows(
  files: readonly string[],
  cut: { window: number | null; stride: number | null; sentences?: true },
  from: CorpusPlace = corpusStart,
  left: string[] = []
): Promise<CorpusWindow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-windows-'))
  const inputs = files.map((text, i) => {
    const path = join(folder, `${i}.txt`)
    writeFileSync(path, text)
    return { path }
  })
  const sources = await corpusSources(inputs, uncancelled())
  const rules = { model, corpus: cut, signal, leave: (line: string) => void left.push(line) }
  const found: CorpusWindow[] = []
  for await (const window of corpusWindows(sources, rules, from)) found.push(window)
  return found
}

const text = ({ tokens }: CorpusWindow) => tokens.map(({ text }) => text).join('')

// Three pieces and a bit; lines of different lengths, and one that fills a piece by itself.
const words = Array.from({ length: 4000 }, (_, i) => 'thou art so fair '.slice(i % 9)).join('')
const lines = words.replace(/fair thou/g, 'fair\nthou') + 'x'.repeat(20_000) + ' end\n\n\nof it'

describe('the windows of files', () => {
  it('say which begin with tokens of the one before, also where they are gone on with', async () => {
    const overlapping = async (window: number, stride: number | null, from = corpusStart) =>
      (await windows(['thou art so', 'fair'], { window, stride }, from)).map(
        ({ overlaps }) => overlaps ?? false
      )
    // Letters 0–3, 3–6, 6–9, 9–10 of the first text.
    expect(await overlapping(4, 3)).toEqual([false, true, true, true, false])
    expect(await overlapping(4, 4)).toEqual([false, false, false, false])
    expect(await overlapping(4, null)).toEqual([false, false, false, false])
    const [first] = await windows(['thou art so', 'fair'], { window: 4, stride: 3 })
    expect(await overlapping(4, 3, first!.after)).toEqual([true, true, true, false])
  })

  it.each([
    { window: 190, stride: null },
    { window: 100, stride: 7919 },
    { window: 192, stride: 30_000 }
  ])('cut as %j hold what the text holds', async cut => {
    const found = await windows([lines, 'short'], cut)
    const stride = cut.stride ?? cut.window
    const expected: string[] = []
    for (let start = 0; start < lines.length; start += stride)
      expected.push(lines.slice(start, start + cut.window))
    expect(found.map(text)).toEqual([...expected.filter(own => own.length > 1), 'short'])
    expect(found.at(-1)!.label).toBe('1.txt')
    const shares = found.map(({ share }) => share)
    expect(shares[0]).toBe(0)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    // What lies before the last is all but a word.
    expect(shares.at(-1)).toBe(lines.length / (lines.length + 'short'.length))
  })

  it.each([
    { window: 190, stride: null },
    { window: 100, stride: 7919 },
    { window: 190, stride: 95 }
  ])('cut as %j go on from any place as if they had not stopped', async cut => {
    const files = [lines, 'short', lines.slice(5)]
    const all = await windows(files, cut)
    const step = Math.ceil(all.length / 12)
    for (let i = 0; i < all.length; i += step) {
      const rest = await windows(
        files,
        cut,
        JSON.parse(JSON.stringify(all[i]!.after)) as CorpusPlace
      )
      expect(rest.map(text)).toEqual(all.slice(i + 1).map(text))
      expect(rest.map(({ label }) => label)).toEqual(all.slice(i + 1).map(({ label }) => label))
    }
  })

  it('may begin right before a piece does, and none is of what another holds', async () => {
    // A word of 16,600 letters is cut after 16,384 bytes; 127 · 129 is one less.
    const word = Array.from({ length: 16_600 }, (_, i) => 'abcdefghijklm'[(i * i) % 13]).join('')
    const found = await windows([word], { window: 190, stride: 127 })
    expect(found.map(text)).toEqual(
      Array.from({ length: 131 }, (_, i) => word.slice(i * 127, i * 127 + 190))
    )
    expect(found.at(-1)!.tokens).toHaveLength(90)
    const last = await windows([word.slice(0, 317)], { window: 190, stride: 127 })
    expect(last.map(({ label }) => label)).toEqual([
      '0.txt, tokens 0 to 189',
      '0.txt, tokens 127 to 316'
    ])
  })

  it('know within a piece, too, how much of the text lies before them', async () => {
    const found = await windows([lines.slice(0, 2000)], { window: 100, stride: null })
    expect(found.map(({ share }) => share)).toEqual(Array.from({ length: 20 }, (_, i) => i / 20))
  })

  it('of a single last token are left out, and that is said', async () => {
    const left: string[] = []
    const cut = { window: 30, stride: null }
    const found = await windows([lines.slice(0, 61), 'a', 'short'], cut, corpusStart, left)
    expect(found.map(({ tokens }) => tokens.length)).toEqual([30, 30, 1, 5])
    expect(left).toEqual(['0.txt: token 60, the last, which would be a window by itself'])
    // Another window holds it.
    const overlapping: string[] = []
    await windows([lines.slice(0, 61)], { window: 30, stride: 15 }, corpusStart, overlapping)
    await windows([lines.slice(0, 60)], { window: 30, stride: 59 }, corpusStart, overlapping)
    expect(overlapping).toEqual(['0.txt: token 59, the last, which would be a window by itself'])
  })

  it('of one token each are made where they are asked for', async () => {
    const left: string[] = []
    const found = await windows(['thou'], { window: 1, stride: null }, corpusStart, left)
    expect(found.map(text)).toEqual(['t', 'h', 'o', 'u'])
    expect(left).toEqual([])
  })

  it('are of what the model takes where nobody says', async () => {
    const found = await windows(['a'.repeat(400)], { window: null, stride: null })
    expect(found.map(({ tokens }) => tokens.length)).toEqual([192, 192, 16])
  })

  it('of characters of several bytes are cut between them', async () => {
    const hebrew = runnable(await openedModel(join(shakespeare, '../hebrew-minigpt')))
    const verse = 'אבגדה'.repeat(5000)
    const own = model
    model = hebrew
    const found = await windows([verse], { window: 64, stride: null })
    model = own
    expect(found.map(text).join('')).toBe(verse)
  })
})

describe('a corpus that is begun', () => {
  async function begun(gone: readonly string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-windows-'))
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), name.repeat(3))
    writeFileSync(join(folder, 'binary'), Uint8Array.of(255))
    writeFileSync(join(folder, 'empty'), '')
    const sources = await corpusSources([{ path: folder }], uncancelled())
    for (const name of gone) rmSync(join(folder, name))
    return beginCorpus(sources, { model, corpus: { window: null, stride: null }, signal })
  }

  it('tells what is left out before its first window, and whether that may be there another time', async () => {
    const gone = (name: string) =>
      `${name}: is no longer where it was opened; left out from there on`
    const binary = 'binary: not UTF-8 text between bytes 0 and 1; left out from there on'
    const left = ['empty: is empty']
    expect(await begun([])).toMatchObject({ first: { label: 'a' }, left, lasts: true })
    left.push(gone('a'))
    expect(await begun(['a'])).toMatchObject({ first: { label: 'b' }, left, lasts: false })
    left.push(gone('b'), binary)
    expect(await begun(['a', 'b'])).toMatchObject({ first: { label: 'c' }, left, lasts: false })
    left.push(gone('c'))
    expect(await begun(['a', 'b', 'c'])).toMatchObject({ first: null, left, lasts: false })
  })

  it('of what is no text is so at any time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-windows-'))
    writeFileSync(join(folder, 'binary'), Uint8Array.of(255))
    const sources = await corpusSources([{ path: folder }], uncancelled())
    const corpus = { window: null, stride: null }
    const found = await beginCorpus(sources, { model, corpus, signal })
    expect(found).toMatchObject({ first: null, lasts: true })
    expect(found.left).toHaveLength(1)
  })
})

describe('the sentences of files', () => {
  const cut = { window: null, stride: null, sentences: true } as const
  const long = `${'o'.repeat(300)}. `
  // Pieces of files end within some of them.
  const own = Array.from({ length: 220 }, (_, i) => `Thou art ${'so '.repeat(i % 57)}fair. `)
  const files = [own.join(''), `Ay, sir.\n\n${long}\nA line that goes\non here.\n  \nNo`]

  it('are windows by themselves, and one that is longer than the model takes is left out', async () => {
    const left: string[] = []
    const found = await windows(files, cut, corpusStart, left)
    const said = own.map(sentence => sentence.trim())
    expect(found.map(text)).toEqual([...said, 'Ay, sir.', 'A line that goes\non here.', 'No'])
    expect(left).toEqual([
      '1.txt, sentence 2: 301 tokens, more than the 192 that shakespeare-char takes'
    ])
    expect(found[0]!.label).toBe('Thou art fair. (0.txt, sentence 1)')
    expect(found.at(-1)!.label).toBe('No (1.txt, sentence 4)')
    const shares = found.map(({ share }) => share)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBe(0)
    expect(shares.at(-1)).toBeGreaterThan(0.99)
  })

  it('go on from any place as if they had not stopped', async () => {
    const all = await windows(files, cut)
    for (const i of [0, 166, 167, 168, 219, 220]) {
      const place = JSON.parse(JSON.stringify(all[i]!.after)) as CorpusPlace
      const rest = await windows(files, cut, place)
      expect(rest.map(text)).toEqual(all.slice(i + 1).map(text))
      expect(rest.map(({ label }) => label)).toEqual(all.slice(i + 1).map(({ label }) => label))
    }
  })

  it('are not of token ids', async () => {
    const sources = await corpusSources([{ ids: [1, 2, 3] }], uncancelled())
    const reading = corpusWindows(
      sources,
      { model, corpus: cut, signal, leave: () => undefined },
      corpusStart
    )
    await expect(reading.next()).rejects.toThrow('tokens: token ids are not parted into sentences')
  })
})
