import { variable, type Dataset } from '../data/dataset.ts'
import { Token } from '../model/token.ts'

/** A result with the tokens whose ids some of its variables hold, each once and by id, as its attribute `tokens`. */
export async function describedTokens(
  result: Dataset,
  names: readonly string[],
  describe: (ids: readonly number[]) => Promise<readonly Token[]>
): Promise<Dataset> {
  const present = names.filter(name => Object.hasOwn(result.variables, name))
  const ids = new Set(present.flatMap(name => [...variable(result, name).data]))
  const tokens = await describe([...ids].filter(id => id >= 0).sort((a, b) => a - b))
  return {
    ...result,
    attributes: {
      ...result.attributes,
      tokens: tokens as unknown as Dataset['attributes'][string]
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
