import type { Component } from 'vue'
import type { ObjectKind } from '#common/model/subject.ts'
import type { Subtracting } from '#common/figure/views/comparison.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'

/** Groups of views, in the order of the gallery. */
export const viewGroups = [
  'Model',
  'Tokens and embeddings',
  'Attention',
  'Activations and predictions',
  'Gradients and interventions',
  'Weights',
  'Notes and figures'
] as const
export type ViewGroup = (typeof viewGroups)[number]

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
  /** The tensor that it stays on, by its name in the files; null where it stays on none. */
  readonly tensor: string | null
  /** What the tab's view is set to. */
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * A kind of tab. The window draws its frame and finds what it is about; its component takes `subject` (and, where it
 * compares, `other`, what that is compared with) and emits `formats`, what it can be saved as. What it is made of stands
 * one below the other in the frame, whose width its container queries ask for.
 */
export interface View {
  readonly type: string
  readonly icon: Component
  readonly name: string
  readonly group: ViewGroup
  /** What one opens it to find out, such as `Which heads copy?`. */
  readonly question: string
  /** What else the field calls what it shows, or looks for in it: it is found by these. */
  readonly words: string
  /** What it can be opened for, in the menus of these objects and of their parts. */
  readonly accepts: readonly ObjectKind[]
  /** What has to be there: a model, or a run of one; nothing for what the session itself holds. */
  readonly of: 'model' | 'run' | 'session'
  /** Its component shows `other` beside its subject, where there is one. */
  readonly compares: boolean
  /**
   * Of one that does not: it shows, where there is `less`, what it shows less that of another subject; and what the two have to
   * have as many of.
   */
  readonly subtracts?: Subtracting
  /** What is drawn in place of its component where there is `less`; left out where the component itself takes that. */
  readonly difference?: Component
  /** What it looks like, in a few strokes. */
  readonly thumbnail: Component
  /** What will stand where there is nothing yet, such as `Maps of all heads appear`. */
  readonly empty: string
  /** Of what the model does, where it is known. */
  help(model: ModelInfo | null): Help
  title(place: TitlePlace): string
  /**
   * Which of its options say what of the library it reads: a corpus by its name, or texts by their kind and name. Left out of one
   * that reads nothing there.
   */
  readonly reads?: readonly string[]
  readonly component: Component
  /** What stands in the frame's bar: it takes `subject`. */
  readonly tools: Component | null
}
