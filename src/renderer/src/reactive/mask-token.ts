import { maskSpellings, type Token } from '#common/model/token.ts'

/** The spelling that a model's tokenizer reads as one special token; null when it reads none so. */
export async function maskTokenOf(
  tokenize: (text: string) => Promise<readonly Token[]>
): Promise<string | null> {
  for (const spelling of maskSpellings) {
    const tokens = await tokenize(spelling)
    if (tokens.some(({ special, piece }) => special && piece === spelling)) return spelling
  }
  return null
}

/** A text with one of its tokens masked; a space before the token stays. */
export function withMask(
  text: string,
  { start, end }: Pick<Token, 'start' | 'end'>,
  mask: string
): string {
  const [space = ''] = /^\s*/.exec(text.slice(start, end)) ?? []
  return text.slice(0, start) + space + mask + text.slice(end)
}
