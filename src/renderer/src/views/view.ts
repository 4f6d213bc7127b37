import type { Component } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'

/** What the About of a view says. */
export interface Help {
  readonly what: string
  readonly formulas: readonly { readonly name: string; readonly formula: string }[]
  readonly sources: readonly string[]
  readonly reading: readonly string[]
  readonly lookFor: readonly string[]
}

/** Where a tab is, for its title. */
export interface TitlePlace {
  readonly layer: number
  readonly head: number
  /** Name of the model that it stays on; null while it follows a group. */
  readonly model: string | null
}

/**
 * A kind of tab. The window draws its frame and finds what it is about; its component takes `subject` (and `other`,
 * what that is compared with) and emits `formats`, what it can be saved as.
 */
export interface View {
  readonly type: string
  readonly icon: Component
  /** What a tab of it is about: a model, a run of one, or one head in a run. */
  readonly accepts: 'model' | 'run' | 'head'
  /** What will stand where there is nothing yet, such as `Maps of all heads appear`. */
  readonly empty: string
  /** Of what the model does, where it is known. */
  help(model: ModelInfo | null): Help
  title(place: TitlePlace): string
  readonly component: Component
  /** What stands in the frame's bar: it takes `subject`. */
  readonly tools: Component | null
}
