import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { drawnFigure, type DrawnFigure } from '#common/figure/drawn-figure.ts'
import { paperLook } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { isHere, labelsOf, letters, pagesRead } from '../said-in-print.ts'
import { keptFigures, plotFigures } from './plot-examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-tex-'))

const reads = isHere('pdftotext', '-v')
const hasLatex = reads && isHere('pdflatex', '--version') && isHere('kpsewhich', 'pgfplots.sty')
const hasLuatex =
  hasLatex && isHere('lualatex', '--version') && isHere('kpsewhich', 'luaotfload.sty')
const hebrewFont = () => execFileSync('fc-list', ['Noto Sans Hebrew', 'file'], { encoding: 'utf8' })
const hasHebrew = hasLuatex && isHere('fc-list', '--version') && hebrewFont() !== ''

/** Compiles a document with a picture a page. @returns what is read on each page */
function pagesOf(engine: string, preamble: string, pictures: readonly string[]): string[] {
  pictures.forEach((picture, i) => writeFileSync(join(folder, `${engine}-${i}.tex`), picture))
  const shown = pictures.map(
    (_, i) => `\\sbox0{\\input{${engine}-${i}}}
\\ifdim\\dp0>0.1pt\\errmessage{it hangs below the line}\\fi
\\pdfpagewidth\\wd0 \\pdfpageheight\\ht0 \\shipout\\copy0`
  )
  const document = `\\documentclass{article}
${preamble}
\\usepackage{pgfplots}\\pgfplotsset{compat=1.18}
\\ifdefined\\pagewidth\\let\\pdfpagewidth\\pagewidth\\let\\pdfpageheight\\pageheight\\fi
\\hoffset-1in\\voffset-1in
\\begin{document}
${shown.join('\n')}
\\end{document}
`
  writeFileSync(join(folder, `${engine}.tex`), document)
  const words = ['-halt-on-error', '-interaction=nonstopmode', `${engine}.tex`]
  const log = execFileSync(engine, words, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 })
  expect(log).not.toContain('Missing character')
  return pagesRead(join(folder, `${engine}.pdf`))
}

const look = {
  ...paperLook,
  ...{ colorMap: 'viridis' as const, scale: 'linear' as const, follows: false },
  ...{ pooling: 'maximum' as const, range: { low: 0, high: 1 } }
}
function map(texts: readonly string[], isRight = false): DrawnFigure {
  const data = {
    ...{ title: null, quantity: 'weight' as const, unit: null, visibility: null, profiles: null },
    ...{ firstHidden: false, mirrored: isRight, view: null, marked: { queries: [], keys: [] } },
    tokens: texts.map(text => ({ piece: text, text, special: false })),
    pattern: Float32Array.from({ length: texts.length ** 2 }, (_, i) => ((7 * i) % 31) / 31)
  }
  return drawnFigure(attentionMap, data, look, plainWish)
}

describe('pictures in TeX, where it is (else this is left out)', () => {
  it.runIf(hasLatex)('are compiled by pdfLaTeX, to the labels of the figure', async () => {
    // One of each kind, and a map of as many cells as are drawn.
    const figures = [
      ...(await keptFigures()).values(),
      ...Object.values(plotFigures),
      map(Array.from({ length: 100 }, (_, i) => `${i}`))
    ]
    const preamble = '\\usepackage[T1]{fontenc}\\usepackage{lmodern}'
    const pictures = figures.map(figure => figureTex(figure, 'A figure', ['Model: m']))
    const pages = pagesOf('pdflatex', preamble, pictures)
    expect(pages).toHaveLength(figures.length)
    figures.forEach((figure, i) => {
      const said = letters(pages[i]!)
      expect(labelsOf(figure).filter(label => !said.includes(label))).toEqual([])
    })
  })

  it.runIf(hasHebrew)('have Hebrew letters by the lines that they ask for', () => {
    const texts = ['של', 'ום', 'ε', 'two']
    const picture = figureTex(map(texts, true), 'A figure', [])
    const preamble = picture
      .split('\n')
      .filter(line => /^% \\(usepackage\{fontspec\}|directlua|set\w+font)/.test(line))
      .map(line => line.slice(2))
    expect(preamble).toHaveLength(5)
    const [page] = pagesOf('lualatex', preamble.join('\n'), [picture])
    for (const text of texts) expect(letters(page!)).toContain(letters(text))
  })
})
