import { execFileSync } from 'node:child_process'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'

/** Whether a program of this name is here, and says that it is one. */
export function isHere(program: string, ...words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What `pdftotext` reads in a PDF file, page by page. */
export function pagesRead(pdf: string): string[] {
  const text = execFileSync('pdftotext', ['-raw', pdf, '-'], { encoding: 'utf8' })
  return text.split('\f').slice(0, -1)
}

/** As it is compared: without what stands between letters, or is written otherwise by TeX. */
export function letters(text: string): string {
  const same: Readonly<Record<string, string>> = { '⋯': '···', '…': '...', '’': "'", '◦': '∘' }
  return text
    .normalize('NFKC')
    .replaceAll(/[⋯…’◦]/g, sign => same[sign]!)
    .replaceAll(/[\s\u200e\u200f\u202a-\u202e\u2066-\u2069●◆•|]/gu, '')
}

/** What a figure says, each of its texts. */
export function labelsOf(figure: DrawnFigure): string[] {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }
  return [...figureSvg(figure).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    letters(text!.replaceAll(/&(lt|gt|quot|amp);/g, (_, name: string) => entities[name]!))
  )
}
