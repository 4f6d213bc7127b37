import createBidi from 'bidi-js'
import type { FigureFace } from './fonts.ts'

/** A piece of a line of text in one font, in the order in which it is read. */
export interface TextRun {
  readonly text: string
  readonly face: FigureFace
  /** Its letters go from right to left. */
  readonly rightToLeft: boolean
}

const bidi = createBidi()

/** What directs letters and is none: marks, embeddings and isolates. */
const directing = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/
/** Stands for a letter that no font has. */
const missing = '□'
/** Letters that fonts set from right to left by themselves. */
const rightToLeftLetters = /[\p{Script=Hebrew}\p{Script=Arabic}]/u

/** A piece of a line whose letters are written in one style. */
export interface StyledRun<S> extends TextRun {
  readonly style: S
}

/** Which way a paragraph runs: as its first letter that has a direction. */
export function textDirection(text: string): 'ltr' | 'rtl' {
  const [first] = bidi.getEmbeddingLevels(text, 'auto').paragraphs
  return (first?.level ?? 0) % 2 === 1 ? 'rtl' : 'ltr'
}

/**
 * A line of text as pieces from left to right, as they are seen, each letter in the first font that has it.
 * @source Unicode Bidirectional Algorithm (UAX 9); the line itself runs from left to right
 */
export function textRuns(text: string, faces: readonly FigureFace[]): TextRun[] {
  const line = { text, levels: levelsOf(text, 'ltr'), from: 0, to: text.length }
  return styledRuns(
    line,
    () => null,
    () => faces
  )
}

/** How letters of a paragraph follow one another from left to right. */
type Levels = ReturnType<typeof bidi.getEmbeddingLevels>

/** Those of a paragraph that runs one way, of which all its lines are. */
export function levelsOf(paragraph: string, direction: 'ltr' | 'rtl'): Levels {
  return bidi.getEmbeddingLevels(paragraph, direction)
}

/** A line of a paragraph, from one of its letters up to another. */
export interface ParagraphLine {
  readonly text: string
  readonly levels: Levels
  readonly from: number
  readonly to: number
}

/**
 * The same of a line of a paragraph that may run either way, and whose letters are not all written alike.
 * @param styleAt of the letter at an index of the paragraph
 * @param facesOf the fonts that letters of a style are looked for in, in their order
 */
export function styledRuns<S>(
  line: ParagraphLine,
  styleAt: (index: number) => S,
  facesOf: (style: S) => readonly FigureFace[]
): StyledRun<S>[] {
  const pieces: { letters: string[]; face: FigureFace; level: number; style: S }[] = []
  for (const { letter: own, level, index } of inSight(line)) {
    const style = styleAt(index)
    const faces = facesOf(style)
    const letter = faces.some(face => has(face, own)) ? own : missing
    const last = pieces.at(-1)
    const isAlike = last !== undefined && last.level === level && last.style === style
    // A mark goes with its letter.
    const goesOn = isAlike && /^\p{M}$/u.test(letter)
    const face = goesOn && has(last.face, letter) ? last.face : faceOf(letter, faces)
    if (isAlike && last.face === face) last.letters.push(letter)
    else pieces.push({ letters: [letter], face, level, style })
  }
  return pieces.map(({ letters, face, level, style }) => {
    const rightToLeft = level % 2 === 1
    const read = rightToLeft ? letters.toReversed().join('') : letters.join('')
    return { text: read, face, rightToLeft, style }
  })
}

/** A piece as its font's letters are to be laid out: one without letters of that direction is turned beforehand. */
export function layoutText({ text, rightToLeft }: TextRun): string {
  if (!rightToLeft || rightToLeftLetters.test(text)) return text
  return [...text].toReversed().join('')
}

/** The letters of a text that no font has. */
export function lettersWithout(text: string, faces: readonly FigureFace[]): string[] {
  const letters = new Set([...text].filter(letter => !directing.test(letter) && letter.trim()))
  return [...letters].filter(letter => !faces.some(face => has(face, letter)))
}

/** Letters from left to right; those in brackets that open to the other side are exchanged for their mirror images. */
function inSight({ text, levels, from, to }: ParagraphLine) {
  if (from === to) return []
  const mirrored = bidi.getMirroredCharactersMap(text, levels.levels, from, to - 1)
  const order = bidi.getReorderedIndices(text, levels, from, to - 1).slice(from, to)
  return order.flatMap(index => {
    const code = text.codePointAt(index)!
    const letter = mirrored.get(index) ?? String.fromCodePoint(code)
    const isSecondHalf = code >= 0xdc00 && code <= 0xdfff
    return directing.test(letter) || isSecondHalf
      ? []
      : [{ letter, level: levels.levels[index]!, index }]
  })
}

function faceOf(letter: string, faces: readonly FigureFace[]): FigureFace {
  return faces.find(face => has(face, letter)) ?? faces[0]!
}

function has({ font }: FigureFace, letter: string): boolean {
  return font.hasGlyphForCodePoint(letter.codePointAt(0)!)
}
