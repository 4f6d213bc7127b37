import type { Look } from '#common/figure/look.ts'
import type { ShadedTextData } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'

/** A text whose tokens have an amount each, as it flows now, to be saved. */
export type SeenText = FlowingText & Pick<ShadedTextData, 'quantity' | 'weights' | 'own'>

/** What such a text on the screen is asked. */
export interface ScoredTextHandle {
  readonly look: Look
  readonly mirrored: boolean
  seen(): SeenText
}
