import type { Token } from '#common/model/token.ts'
import { tokenize } from '../model/tokenize.ts'
import type { Model } from '../model/model.ts'

/** The tokens that a model expects before and after a text, such as `[CLS]` and `[SEP]`. */
export interface Specials {
  readonly before: readonly Token[]
  readonly after: readonly Token[]
}

/** @param sample a text whose first character is tried: what stands around it stands around every text */
export async function specialsAround(
  model: Model,
  sample: string,
  signal: AbortSignal
): Promise<Specials> {
  const [character = ''] = sample
  const own = await tokenize(model, character, signal, { specials: false })
  const all = await tokenize(model, character, signal)
  const ids = own.map(({ id }) => id).join()
  for (let start = 0; start + own.length <= all.length; start++) {
    const middle = all.slice(start, start + own.length)
    if (middle.map(({ id }) => id).join() === ids)
      return { before: all.slice(0, start), after: all.slice(start + own.length) }
  }
  return { before: [], after: [] }
}
