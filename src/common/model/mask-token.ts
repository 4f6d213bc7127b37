import { maskSpellings, type Token } from './token.ts'

/** The special token of a model's vocabulary that hides others; null where its tokenizer reads none. */
export async function maskTokenOf(
  tokenize: (text: string) => Promise<readonly Token[]>
): Promise<Token | null> {
  for (const spelling of maskSpellings) {
    const tokens = await tokenize(spelling)
    const mask = tokens.find(({ special, piece }) => special && piece === spelling)
    if (mask !== undefined) return mask
  }
  return null
}
