import { z } from 'zod'
import { aggregations } from '#common/analysis/aggregate.ts'
import { parseHeads, type HeadList } from '#common/text/head-list.ts'
import { headName } from '../../stores/selection.ts'

/** What is made of the patterns. */
export const ways = [...aggregations, 'rollout'] as const
export type Way = (typeof ways)[number]

/** Which heads are taken: of the block or the head that one is at, or those that are typed. */
export const scopes = ['all', 'block', 'head', 'list'] as const
export type Scope = (typeof scopes)[number]

/** What the view is set to. */
export const AggregateOptions = z.object({
  how: z.enum(ways).catch('mean'),
  of: z.enum(scopes).catch('all'),
  /** As typed, such as `0.1, 2.*`. */
  list: z.string().catch(''),
  /** What it is compared with. */
  less: z.enum([...scopes, 'nothing']).catch('nothing'),
  lessList: z.string().catch('')
})
export type AggregateOptions = z.output<typeof AggregateOptions>

/** Some heads of a model and what is made of them. */
export interface HeadSelection {
  readonly how: Way
  readonly of: Scope
  readonly list: string
}

/** Where one is in a model, and how large it is. */
export interface SelectionPlace {
  readonly layer: number
  readonly head: number
  readonly nLayers: number
  readonly nHeads: number
}

/** A selection, found in a model. */
export interface FoundHeads {
  /** What it is called, such as `Mean of all heads`. */
  readonly name: string
  /** What is wrong with it, in words; empty where nothing is. */
  readonly fault: string
  /** Null for all. */
  readonly heads: HeadList | null
  /** The layers whose patterns are needed, from 0. */
  readonly layers: readonly number[]
}

/** The heads of a selection in a model. */
export function foundHeads({ how, of, list }: HeadSelection, place: SelectionPlace): FoundHeads {
  const { layer, head, nLayers, nHeads } = place
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
  if (how === 'rollout')
    return {
      ...{ name: `Rollout after block ${layer}`, fault: '', heads: null },
      layers: upTo(layer + 1)
    }
  const named = (heads: string) => `${wayNames[how]} of ${heads}`
  switch (of) {
    case 'all':
      return { name: named('all heads'), fault: '', heads: null, layers: upTo(nLayers) }
    case 'block':
      return {
        ...{ name: named(`the heads of block ${layer}`), fault: '' },
        heads: upTo(nHeads).map(own => [layer, own] as const),
        layers: [layer]
      }
    case 'head':
      return { name: headName(layer, head), fault: '', heads: [[layer, head]], layers: [layer] }
    case 'list': {
      const heads = parseHeads(list, { nLayers, nHeads })
      if (typeof heads === 'string')
        return { name: 'This choice of heads', fault: heads, heads: null, layers: [] }
      const [only] = heads
      const name = heads.length === 1 ? headName(only![0], only![1]) : named(`heads ${list.trim()}`)
      return { name, fault: '', heads, layers: [...new Set(heads.map(([layer]) => layer))] }
    }
  }
}

/** What each way makes. */
export const wayNames: Readonly<Record<Way, string>> = {
  mean: 'Mean',
  max: 'Maximum',
  min: 'Minimum',
  rollout: 'Rollout'
}
