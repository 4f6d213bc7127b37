import { z } from 'zod'
import {
  headScoreKinds,
  type HeadScoreId,
  type HeadScoreKind
} from '#common/analysis/head-scores/score-kinds.ts'

/** By their layer and number, or by a score. */
export const gridOrders = ['place', ...headScoreKinds.map(({ id }) => id)] as const
export type GridOrder = 'place' | HeadScoreId

/** What the grid is set to. */
export const GridOptions = z.object({
  order: z.enum(gridOrders).catch('place'),
  lowestFirst: z.boolean().catch(false),
  /** Heads that do not reach it are left out. */
  bound: z.number().nullable().catch(null)
})
export type GridOptions = z.output<typeof GridOptions>

const notes: Readonly<Record<GridOrder, string>> = {
  place: 'layers and heads',
  previous: 'mean weight, one back',
  itself: 'mean weight on the query',
  first: 'mean weight on the first key',
  duplicate: 'mean weight on earlier copies',
  induction: 'mean weight after earlier copies',
  entropy: 'how spread rows are, in nats',
  distance: 'how far back, in tokens'
}

/** The score that heads are ordered by; null where it is their place. */
export function orderKind(order: GridOrder): HeadScoreKind | null {
  return headScoreKinds.find(({ id }) => id === order) ?? null
}

export function orderName(order: GridOrder): string {
  return `By ${orderKind(order)?.name.toLowerCase() ?? 'place'}`
}

/** What an order is by, in a few words. */
export function orderNote(order: GridOrder): string {
  return notes[order]
}
