import type { Component } from 'vue'

/** What the About of a view says. */
export interface Help {
  readonly what: string
  readonly formulas: readonly { readonly name: string; readonly formula: string }[]
  readonly sources: readonly string[]
  readonly reading: readonly string[]
  readonly lookFor: readonly string[]
}

/** A kind of tab. Its component takes `context` and `tabId` and emits `update:context`. */
export interface View<C> {
  readonly type: string
  readonly icon: Component
  readonly help: Help
  readonly component: Component
  title(context: C): string
  /** Makes a context of anything; what does not parse takes its default. */
  parse(context: unknown): C
}
