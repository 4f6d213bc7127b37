import type { SentenceBy } from '#common/analysis/hidden-states/sentence-vector.ts'

/** What may stand for a text. */
export const sentenceChoices: readonly { readonly value: SentenceBy; readonly text: string }[] = [
  { value: 'mean', text: 'mean of tokens' },
  { value: 'first', text: 'first token, such as [CLS]' },
  { value: 'last', text: 'last token' }
]
