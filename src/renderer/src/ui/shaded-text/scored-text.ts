import type { Look } from '#common/figure/look.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'

/** What a text on the screen whose tokens have an amount each is asked. */
export interface ScoredTextHandle {
  readonly look: Look
  /** As it flows now; null before there is room for it. */
  readonly seen: FlowingText | null
}
