import type { Category } from '../model/category.ts'

/** What each category is called on screen. */
export const categoryNames: Readonly<Record<Category, string>> = {
  embedding: 'Embedding',
  position: 'Positions',
  attention: 'Attention',
  mlp: 'MLP',
  norm: 'Norms',
  unembedding: 'Unembedding',
  other: 'Other'
}
