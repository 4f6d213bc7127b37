import { blockHookName, type BlockHook } from '../../model/hooks.ts'
import type { Edit } from '../../model/edit.ts'

/** What takes the place of what is ablated: nothing, or its mean over the positions of the text. */
export const replacements = ['zero', 'mean'] as const
export type Replacement = (typeof replacements)[number]

const parts = ['attn', 'mlp'] as const

/** Heads of some layers, each by its layer and its number. */
export type Heads = readonly (readonly [number, number])[]

/** Runs with something ablated, which a variable of the result is of. */
export interface Ablated {
  /** The variable of their losses. */
  readonly name: string
  readonly axes: readonly string[]
  /** One run each, in the order of its entries. */
  readonly runs: readonly (readonly Edit[])[]
}

/**
 * All that is ablated: each head, each half of a layer, and some heads together.
 * @param together null for none
 */
export function ablatedOf(
  layers: readonly number[],
  nHeads: number,
  together: Heads | null
): Ablated[] {
  const heads = layers.flatMap(layer =>
    Array.from({ length: nHeads }, (_, head) => [layer, head] as const)
  )
  // Runs of one kind follow one another: they need the same parts of the model.
  return [
    ...replacements.map(by => ({
      name: by,
      axes: ['layer', 'head'],
      runs: heads.map(place => [headEdit(place, by)])
    })),
    ...parts.flatMap(part =>
      replacements.map(by => ({
        name: `${by}_${part}`,
        axes: ['layer'],
        runs: layers.map(layer => [edit(layer, `hook_${part}_out`, {}, by)])
      }))
    ),
    ...(together === null
      ? []
      : replacements.map(by => ({
          name: `set.${by}`,
          axes: [],
          runs: [together.map(place => headEdit(place, by))]
        })))
  ]
}

function headEdit([layer, head]: Heads[number], by: Replacement): Edit {
  return edit(layer, 'attn.hook_z', { head: [head] }, by)
}

function edit(layer: number, hook: BlockHook, at: Edit['at'], by: Replacement): Edit {
  return { hook: blockHookName(layer, hook), at, scale: 0, add: by === 'mean' ? 'mean' : null }
}
