const monoAdvance = 0.6
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Extended_Pictographic}/u
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/**
 * How wide a text comes out in the figures' fixed-width font, in CSS pixels: the same wherever it is drawn, whether
 * or not the font is there yet.
 * @source JetBrains Mono: 600 of 1,000 units a letter; letters of wide scripts take two
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

function monoLetters(text: string): number {
  // Most text is of one letter a code unit.
  if (/^[ -~]*$/.test(text)) return text.length
  let letters = 0
  for (const letter of text) letters += noWidth.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return letters
}
