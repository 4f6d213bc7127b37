import { visibleIsolated } from '#common/text/token-text.ts'
import { facesFor, type FigureFace } from './fonts.ts'
import { letterFeatures } from './text-layout.ts'
import {
  layoutText,
  lettersWithout,
  levelsOf,
  styledRuns,
  textDirection,
  type ParagraphLine
} from './text-runs.ts'

/** How letters of a paragraph are written. */
export interface LetterStyle {
  /** As CSS has them. */
  readonly families: string
  /** In points. */
  readonly size: number
  readonly weight: number
  readonly color: string
  readonly oblique?: boolean
  readonly struck?: boolean
  /** Where they lead. */
  readonly url?: string
}

/** Letters of a paragraph that are written alike. */
export interface StyledText {
  readonly text: string
  readonly style: LetterStyle
}

/** Letters of a line in one font, where they stand from its left end, in points. */
export interface LinePiece {
  /** As the font lays it out. */
  readonly text: string
  readonly face: FigureFace
  readonly style: LetterStyle
  readonly x: number
  readonly width: number
}

export interface TextLine {
  /** From left to right, as they are seen. */
  readonly pieces: readonly LinePiece[]
  readonly width: number
}

/** A paragraph in lines, and where these begin: in a text that runs from right to left, at its right end. */
export interface ParagraphLines {
  readonly lines: readonly TextLine[]
  readonly isRightToLeft: boolean
}

/** Letters that are written one after the other, with the style of each. */
interface Letters {
  readonly text: string
  readonly styleAt: (index: number) => LetterStyle
}

/** What lays paragraphs out: it knows the fonts, and how wide words are that it has seen. */
export interface Typesetter {
  /** @param width of the lines, in points */
  lines(parts: readonly StyledText[], width: number): ParagraphLines
  /** How wide a paragraph is in one line, and its longest word. */
  extent(parts: readonly StyledText[]): { readonly whole: number; readonly word: number }
  /** Letters that no font has, of all that was laid out. */
  without(): readonly string[]
}

export function typesetter(all: readonly FigureFace[]): Typesetter {
  const known = new Map<LetterStyle, readonly FigureFace[]>()
  const widths = new Map<LetterStyle, Map<string, number>>()
  const without = new Set<string>()

  function facesOf(style: LetterStyle): readonly FigureFace[] {
    const own = known.get(style) ?? facesFor(all, style.families, style.weight)
    known.set(style, own)
    return own
  }

  function pieces(styleAt: Letters['styleAt'], line: ParagraphLine) {
    let width = 0
    const runs = styledRuns(line, styleAt, facesOf)
    const own = runs.map((run): LinePiece => {
      const { face, style } = run
      const shown = layoutText(run)
      const { advanceWidth } = face.font.layout(shown, letterFeatures)
      const piece = { text: shown, face, style, x: width }
      const wide = (advanceWidth / face.font.unitsPerEm) * style.size
      width += wide
      return { ...piece, width: wide }
    })
    return { pieces: own, width }
  }

  /** How wide letters are; most words of a text come again. */
  function widthOf(letters: Letters, from: number, to: number): number {
    const style = letters.styleAt(from)
    for (let at = from + 1; at < to; at++)
      if (letters.styleAt(at) !== style) return alone(letters, from, to)
    const own = widths.get(style) ?? new Map<string, number>()
    widths.set(style, own)
    const word = letters.text.slice(from, to)
    const width = own.get(word) ?? alone(letters, from, to)
    own.set(word, width)
    return width
  }

  function alone({ text, styleAt }: Letters, from: number, to: number): number {
    const own = text.slice(from, to)
    const line = { text: own, levels: levelsOf(own, 'ltr'), from: 0, to: own.length }
    return pieces(index => styleAt(from + index), line).width
  }

  /** Letters as they are shown: those that are not seen, by their numbers, but for isolates. */
  function take(all: readonly StyledText[]): Letters {
    const parts = all.map(({ text, style }) => ({
      text: text.split('\n').map(visibleIsolated).join('\n'),
      style
    }))
    for (const { text, style } of parts)
      for (const letter of lettersWithout(text, facesOf(style))) without.add(letter)
    const ends: number[] = []
    let end = 0
    for (const { text } of parts) ends.push((end += text.length))
    return {
      text: parts.map(({ text }) => text).join(''),
      styleAt: index => parts[ends.findIndex(own => index < own)]!.style
    }
  }

  return {
    lines(parts, width) {
      const letters = take(parts)
      const direction = textDirection(letters.text)
      const lines = hardLines(letters.text).flatMap(([start, end]) => {
        const text = letters.text.slice(start, end)
        const levels = levelsOf(text, direction)
        return broken(letters, start, end, width, widthOf).map(([from, to]) =>
          pieces(index => letters.styleAt(start + index), {
            ...{ text, levels, from: from - start, to: to - start }
          })
        )
      })
      return { lines, isRightToLeft: direction === 'rtl' }
    },

    extent(parts) {
      const letters = take(parts)
      const wide = (ranges: readonly (readonly [number, number])[]) =>
        Math.max(0, ...ranges.map(([from, to]) => (from === to ? 0 : widthOf(letters, from, to))))
      const words = [...letters.text.matchAll(/\S+/g)].map(
        ({ index, 0: word }) => [index, index + word.length] as const
      )
      return { whole: wide(hardLines(letters.text)), word: wide(words) }
    },

    without: () => [...without]
  }
}

/** Where lines begin and end that are ended by whoever wrote them. */
function hardLines(text: string): (readonly [number, number])[] {
  let start = 0
  return text.split('\n').map(line => {
    const own = [start, start + line.length] as const
    start += line.length + 1
    return own
  })
}

/** Where lines begin and end that are no wider than may be: between words, and within those that are wider alone. */
function broken(
  letters: Letters,
  start: number,
  end: number,
  width: number,
  widthOf: (letters: Letters, from: number, to: number) => number
): [number, number][] {
  const lines: [number, number][] = []
  let from = start
  /** Where the line ends so far, without spaces after it, and how far it reaches with them. */
  let to = start
  let reach = 0
  const next = (at: number) => {
    lines.push([from, to])
    from = to = at
    reach = 0
  }
  for (const { 0: word, 1: spaces, index } of letters.text.slice(start, end).matchAll(words)) {
    const at = start + index
    const over = at + word.length - spaces!.length
    const wide = over === at ? 0 : widthOf(letters, at, over)
    if (to > from && reach + wide > width) next(at)
    if (wide > width) {
      for (const letter of letters.text.slice(at, over)) {
        const own = widthOf(letters, to, to + letter.length)
        if (to > from && reach + own > width) next(to)
        to += letter.length
        reach += own
      }
    } else {
      to = over
      reach += wide
    }
    if (spaces !== '') reach += widthOf(letters, over, at + word.length)
  }
  lines.push([from, to])
  return lines
}

/** A word with the spaces after it; commands and paths may be broken after their signs, too, but not after those of an option. */
const words = /(?:--?(?=\w))?[^\s/,=-]*[/,=-]*(\s*)/g
