import type { AttentionSide } from '#common/analysis/group-weights.ts'
import type { TokenUnit } from '#common/text/token-groups.ts'
import { headName } from '../../stores/selection.ts'

interface Option<T extends string> {
  readonly value: T
  readonly text: string
  readonly note?: string
  readonly disabled?: boolean
}

/** Whose attention is shown. */
export const sideOptions: readonly Option<AttentionSide>[] = [
  { value: 'from', text: 'From it', note: 'What the token takes from each: a row of the map' },
  { value: 'to', text: 'To it', note: 'What each takes from the token: a column of the map' }
]

/** What tokens are taken together to. @param hasText whether there is a text that they are of */
export function unitOptions(hasText: boolean): readonly Option<TokenUnit>[] {
  const note = (words: string) => (hasText ? words : 'Only ids were given: there is no text')
  return [
    { value: 'token', text: 'Tokens', note: 'Each by itself' },
    {
      value: 'word',
      text: 'Words',
      note: note('What stands between white space'),
      disabled: !hasText
    },
    {
      value: 'grapheme',
      text: 'Graphemes',
      note: note('What a reader takes for one letter'),
      disabled: !hasText
    }
  ]
}

/** Whose pattern it is. */
export function sourceOptions(layer: number, head: number): readonly Option<'head' | 'mean'>[] {
  return [
    { value: 'head', text: headName(layer, head), note: 'The head that is selected' },
    { value: 'mean', text: 'Mean of heads', note: `Of all heads of block ${layer}` }
  ]
}
