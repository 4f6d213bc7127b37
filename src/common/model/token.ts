import { z } from 'zod'

/** One token of a text. */
export const Token = z.object({
  id: z.number(),
  /** The vocabulary's own spelling, such as `Ġthe`. */
  piece: z.string(),
  /** The characters it stands for; U+FFFD where its bytes are not whole characters. */
  text: z.string(),
  /** UTF-16 offsets into the text, end exclusive. */
  start: z.number(),
  end: z.number(),
  special: z.boolean(),
  /** It stands in for characters that the vocabulary does not have. */
  unknown: z.literal(true).optional()
})
export type Token = z.infer<typeof Token>

/** The part of a token that display needs. */
export const ShownToken = Token.pick({ piece: true, text: true, special: true })
export type ShownToken = Readonly<z.infer<typeof ShownToken>>

/** A token known by its id alone, where no vocabulary tells its text. */
export function idToken(id: number): Token {
  return { id, piece: `#${id}`, text: `#${id}`, start: 0, end: 0, special: false }
}

/** Whether nothing is known of a token but its id. */
export function isIdAlone({ id, text, piece }: Token): boolean {
  return text === `#${id}` && piece === text
}

/** What a token says, or its spelling where its text lost bytes. */
export function tokenLabel({ text, piece }: Token): string {
  return text === '' || text.includes('\ufffd') ? piece : text
}

/** How vocabularies of masked models spell the token that hides another, the usual spellings first. */
export const maskSpellings: readonly string[] = ['[MASK]', '<mask>', '<|mask|>', '[mask]', '<MASK>']

/** How vocabularies spell the token that fills texts up. */
const paddingSpellings: readonly string[] = ['[PAD]', '<pad>', '<|pad|>', '[pad]', '<PAD>']

/** Whether a token fills texts up, by its spelling. */
export function isPaddingToken({ piece, special }: Pick<Token, 'piece' | 'special'>): boolean {
  return special && paddingSpellings.includes(piece)
}

/** Whether a token stands for what is to be predicted. */
export function isMaskToken({ piece }: Pick<Token, 'piece'>): boolean {
  return maskSpellings.includes(piece)
}
