import { variable, type Dataset } from '../data/dataset.ts'
import { Token } from '../model/token.ts'
import type { Describe } from './analysis.ts'

/** A result with the tokens whose ids some of its variables hold, each once and by id, as one of its attributes. */
export async function describedTokens(
  result: Dataset,
  names: readonly string[],
  describe: Describe,
  attribute: 'tokens' | 'labels' = 'tokens'
): Promise<Dataset> {
  const present = names.filter(name => Object.hasOwn(result.variables, name))
  const ids = new Set(present.flatMap(name => [...variable(result, name).data]))
  const tokens = await describe([...ids].filter(id => id >= 0).sort((a, b) => a - b))
  return {
    ...result,
    attributes: {
      ...result.attributes,
      [attribute]: tokens as unknown as Dataset['attributes'][string]
    }
  }
}

/** The tokens that a result names, by id. */
export function tokensOfResult({ attributes }: Dataset): ReadonlyMap<number, Token> {
  return new Map(
    Token.array()
      .parse(attributes['tokens'])
      .map(token => [token.id, token])
  )
}
