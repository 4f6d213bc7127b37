import type { Step } from './definition.ts'

/** Puts one token before a text and one after it. */
export function bertProcessing(
  before: readonly [piece: string, id: number],
  after: readonly [piece: string, id: number]
): Step {
  return { type: 'BertProcessing', cls: before, sep: after }
}

/** Puts tokens before and after a text, where there are any. */
export function template(before: string | undefined, after: string | undefined): Step | null {
  if (before === undefined && after === undefined) return null
  const special = (piece: string | undefined) =>
    piece === undefined ? [] : [{ SpecialToken: { id: piece, type_id: 0 } }]
  return {
    type: 'TemplateProcessing',
    single: [...special(before), { Sequence: { id: 'A', type_id: 0 } }, ...special(after)],
    pair: []
  }
}
