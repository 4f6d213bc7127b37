import { lettersOf } from '../text/cut-short.ts'

const monoAdvance = 0.6
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Extended_Pictographic}/u
const alef = 0x5d0
/**
 * From alef to tav, of the size of letters: the fixed-width font has none of them.
 * @source Noto Sans Hebrew
 */
const hebrewAdvances = [
  0.632, 0.572, 0.374, 0.542, 0.627, 0.301, 0.33, 0.662, 0.634, 0.295, 0.545, 0.515, 0.522, 0.684,
  0.66, 0.329, 0.379, 0.643, 0.593, 0.62, 0.601, 0.529, 0.556, 0.627, 0.523, 0.73, 0.685
]
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/**
 * How wide a text comes out in the figures' fixed-width font, in CSS pixels: the same wherever it is drawn, whether
 * or not the font is there yet.
 * @source JetBrains Mono: 600 of 1,000 units a letter; letters of wide scripts take two, Hebrew ones their own
 */
export function monoWidth(text: string, size: number): number {
  return monoLetters(text) * monoAdvance * size
}

/** Letters of a proportional font are narrower than those of a fixed one. */
const narrower = 0.95

/** About how wide a text comes out in the figures' proportional font, in CSS pixels. */
export function sansWidth(text: string, size: number): number {
  return narrower * monoWidth(text, size)
}

/** How wide letters of a font are, of {@link sansWidth}'s: most, and those that take more or less. */
interface LetterShares {
  readonly usual: number
  readonly others: readonly { readonly letters: RegExp; readonly share: number }[]
  /** How much wider bold letters are. */
  readonly bolder: number
}

/** @source Inter; those of Tinos are narrower */
const interShares: LetterShares = {
  usual: 1.03,
  others: [
    { letters: /[ ijlI.,:;'’!·|]/g, share: 0.48 },
    { letters: /[frt()/\\[\]]/g, share: 0.65 },
    { letters: /[1{}"-]/g, share: 0.78 },
    { letters: /[BKPRSTXZ02-9#&+<=>~×−]/g, share: 1.14 },
    { letters: /[ACDGHNOQUVY]/g, share: 1.3 },
    { letters: /[mwMW@%…—]/g, share: 1.6 }
  ],
  bolder: 1.025
}

/** @source CMU Serif, whose bold letters are those of Bold Extended */
const computerModernShares: LetterShares = {
  usual: 0.98,
  others: [
    { letters: /[ ijlf.,:;'’!·|[\]-]/g, share: 0.56 },
    { letters: /[Irst()]/g, share: 0.69 },
    { letters: /[acegoz?"$*/\\0-9{}`]/g, share: 0.88 },
    { letters: /[BCEFLPRTZw~^]/g, share: 1.28 },
    { letters: /[ADGHKNOQUVXYm&@+<=>_#%×−…]/g, share: 1.42 },
    { letters: /[MW—→]/g, share: 1.78 }
  ],
  bolder: 1.17
}

/**
 * How wide a text comes out in one of the figures' fonts, told by its name, in CSS pixels: closer than what labels are
 * given room by, so that nothing is cut that fits.
 */
export function textWidth(
  text: string,
  { font, size, weight = 400 }: { font: string; size: number; weight?: number }
): number {
  if (/mono/i.test(font)) return monoWidth(text, size)
  const { usual, others, bolder } = font.includes('CMU') ? computerModernShares : interShares
  const shares = others.reduce(
    (sum, { letters, share }) => sum + (share - usual) * (text.match(letters)?.length ?? 0),
    0
  )
  const width = usual * sansWidth(text, size) + shares * sansWidth('x', size)
  return weight >= 600 ? bolder * width : width
}

/**
 * As much of a text as there is room for, with … where it is cut.
 * @param widthOf in the unit of the room
 */
export function cutToRoom(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text
  const letters = lettersOf(text)
  const cut = (count: number) => `${letters.slice(0, count).join('')}…`
  let [fits, tooMany] = [0, letters.length]
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    if (widthOf(cut(middle)) <= room) fits = middle
    else tooMany = middle
  }
  return cut(fits)
}

/**
 * A text in lines that there is room for, parted between words; a word that is wider has a line of its own.
 * @param widthOf in the unit of the room
 */
export function linesInRoom(
  text: string,
  room: number,
  widthOf: (text: string) => number
): string[] {
  return wordsInRoom(text.split(' '), room, widthOf)
}

/** The same of words, or of several that stay in one line. */
export function wordsInRoom(
  words: readonly string[],
  room: number,
  widthOf: (text: string) => number
): string[] {
  const lines: string[] = []
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`
    if (lines.length > 0 && widthOf(longer) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

function monoLetters(text: string): number {
  // Most text is of one letter a code unit.
  if (/^[ -~]*$/.test(text)) return text.length
  let letters = 0
  for (const letter of text) letters += letterShare(letter)
  return letters
}

/** How wide a letter is, of one of the fixed-width font. */
function letterShare(letter: string): number {
  const hebrew = hebrewAdvances[letter.charCodeAt(0) - alef]
  if (hebrew !== undefined) return hebrew / monoAdvance
  return noWidth.test(letter) ? 0 : wide.test(letter) ? 2 : 1
}
