import type { Look } from '#common/figure/look.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'

/** What a text on the screen whose tokens have an amount each is asked. */
export interface ScoredTextHandle {
  readonly look: Look
  readonly mirrored: boolean
  /** How long its lines are now; null before they are laid out. */
  readonly line: number | null
  /** As it flows now. */
  seen(): FlowingText
}
