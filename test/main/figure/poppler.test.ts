import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawnFigure, type DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { paperLook } from '#common/figure/look.ts'
import { plainWish, type FigureWish } from '#common/figure/presets.ts'
import { tokenGrid } from '#common/figure/token-grid.ts'
import { bold, heading, mono, paragraph, type Block } from '#common/report/report-document.ts'
import { figureFile } from '../../../src/main/figure/figure-file.ts'
import { figureFaces } from '../../../src/main/figure/fonts.ts'
import { reportPdf } from '../../../src/main/figure/report-pdf.ts'
import { svgDocument } from '../../../src/main/figure/svg-document.ts'
import { exampleLook, keptOf, kindExamples } from '../../common/figure/kind-examples.ts'
import { isHere, labelsOf, letters, pagesRead } from '../../common/figure/said-in-print.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-poppler-'))
const hasPoppler = isHere('pdffonts', '-v') && isHere('pdftotext', '-v')

/** A figure as a PDF file. @returns its path */
async function pdfOf(figure: DrawnFigure, name: string): Promise<string> {
  const path = join(folder, `${name}.pdf`)
  const { bytes } = await figureFile({
    svg: gzipSync(figureSvg(figure)),
    ...{ format: 'pdf', widthMm: figure.widthMm, dpi: 300, title: name, caption: name, lines: [] }
  })
  writeFileSync(path, bytes)
  return path
}

/** What `pdffonts` says of each font of a file. */
function fontsIn(path: string) {
  const [, line = '', ...rows] = execFileSync('pdffonts', [path], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
  // Columns are as wide as the dashes below their heads; a longer name moves the others.
  const widths = line.split(' ').map(dashes => dashes.length)
  return rows.map(row => {
    const more = Math.max(0, row.indexOf(' ') - widths[0]!)
    const at = (column: number) =>
      column === 0 ? 0 : widths.slice(0, column).reduce((sum, own) => sum + own + 1, more)
    const [name, type, , embedded, subset, unicode] = widths.map((width, column) =>
      row.slice(at(column), at(column) + width + (column === 0 ? more : 0)).trim()
    )
    return { name: name!, type: type!, embedded, subset, unicode }
  })
}

/** Every font is in the file, with the letters that are used, as an outline, and its letters can be looked for. */
function expectSound(path: string): void {
  const fonts = fontsIn(path)
  expect(fonts.length).toBeGreaterThan(0)
  for (const font of fonts)
    expect(font).toMatchObject({
      name: expect.stringMatching(/^[A-Z]{6}\+/) as string,
      type: expect.stringMatching(/^(CID )?TrueType$/) as string,
      ...{ embedded: 'yes', subset: 'yes', unicode: 'yes' }
    })
}

const serif: FigureWish = { ...plainWish, font: 'serif', title: true, letter: 'a' }
const hebrew = ['בראשית', 'ברא', 'אלהים', 'two', 'שלום']
const tokens = hebrew.map(text => ({ piece: text, text, special: false }))
const look = {
  ...paperLook,
  ...{ colorMap: 'viridis' as const, scale: 'linear' as const, follows: false },
  ...{ pooling: 'maximum' as const, range: { low: 0, high: 1 } }
}

describe('PDF files, as Poppler reads them, where it is (else this is left out)', () => {
  it.runIf(hasPoppler)(
    'of every kind of figure bring the letters that they use, and say all that the figure does',
    async () => {
      for (const [i, [kind, data]] of kindExamples.entries()) {
        const own = { parts: [{ kind, data, look: exampleLook, size: null }], names: [] }
        const [drawing] = data === null ? await keptOf(kind) : [own]
        const figure = drawingOf(drawing).draw(i % 2 === 0 ? plainWish : serif)
        const path = await pdfOf(figure, `${i}-${kind}`)
        expectSound(path)
        const [page, ...more] = pagesRead(path)
        expect(more).toEqual([])
        const said = letters(page!)
        expect(labelsOf(figure).filter(label => !said.includes(label)), kind).toEqual([]) // prettier-ignore
      }
    }
  )

  it.runIf(hasPoppler)('of Hebrew tokens have them and the names of the axes', async () => {
    const map = drawnFigure(
      attentionMap,
      {
        ...{ title: null, quantity: 'weight', unit: null, visibility: null, profiles: null },
        ...{ firstHidden: false, mirrored: true, view: null, marked: { queries: [], keys: [] } },
        ...{ tokens, pattern: Float32Array.from({ length: 25 }, (_, i) => i / 25) }
      },
      look,
      plainWish
    )
    const grid = drawnFigure(
      tokenGrid,
      {
        ...{ title: null, rows: ['embed'], rowsName: 'after block', from: 0, expected: null },
        ...{ tokens, cells: tokens, values: Float32Array.of(0, 0.1, 0.2, 0.3, 0.4) },
        ...{ hits: new Uint8Array(5), unit: 'probability', ranks: null, scrolled: null },
        ...{ marked: [], mirrored: true }
      },
      look,
      plainWish
    )
    for (const [figure, name, axes] of [
      [map, 'map', ['query', 'key, attended to', 'fixed range']],
      [grid, 'grid', ['after block', 'probability']]
    ] as const) {
      const path = await pdfOf(figure, `hebrew-${name}`)
      expectSound(path)
      expect(fontsIn(path).some(font => font.name.includes('Hebrew'))).toBe(true)
      const words = pagesRead(path).join('')
      for (const word of [...hebrew, ...axes]) expect(words).toContain(word)
    }
  })

  it.runIf(hasPoppler && isHere('pdfimages', '-v'))(
    'of a map have it as one picture, whose cells no reader smooths',
    async () => {
      const [drawing] = await keptOf('attention-map')
      const path = await pdfOf(drawingOf(drawing!).draw({ ...plainWish, bar: false }), 'picture')
      const list = execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' })
      const [head, , ...rows] = list.trimEnd().split('\n')
      const pictures = rows.map(row => {
        const cells = row.trim().split(/\s+/)
        return Object.fromEntries(
          head!
            .trim()
            .split(/\s+/)
            .map((name, i) => [name, cells[i]!] as const)
        )
      })
      expect(pictures).toMatchObject([{ type: 'image', color: 'rgb', interp: 'no' }])
      // Each cell is as many pixels as any other, at least as many as are printed.
      expect(pictures[0]!.width).toBe(pictures[0]!.height)
      expect(Number(pictures[0]!['x-ppi'])).toBeGreaterThanOrEqual(300)
    }
  )

  it.runIf(hasPoppler)('of a report are so, too, with its figures', async () => {
    const [drawing] = await keptOf('attention-map')
    const figure = drawingOf(drawing!).draw(serif)
    const blocks: Block[] = [
      heading(1, 'Notes'),
      paragraph('What ', bold('heads'), ' do: ', mono('f(x)')),
      paragraph('שלום עולם'),
      { kind: 'figure', figure: 0, caption: [{ text: 'Figure 1. A head.' }], lines: [] }
    ]
    const { bytes } = await reportPdf(
      { title: 'Heads', subtitle: 'A session', blocks },
      [{ svg: svgDocument(figureSvg(figure)), widthMm: 120 }],
      await figureFaces(),
      { title: 'Heads', lines: [] }
    )
    const path = join(folder, 'report.pdf')
    writeFileSync(path, bytes)
    expectSound(path)
    const words = letters(pagesRead(path).join(''))
    for (const word of ['What heads do', 'f(x)', 'שלום', 'עולם', 'Figure 1. A head.'])
      expect(words).toContain(letters(word))
    expect(labelsOf(figure).filter(label => !words.includes(label))).toEqual([])
  })
})
