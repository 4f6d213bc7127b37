import type { Component } from 'vue'

/** A kind of tab that is about the window itself, and no model: there is one of it. */
export interface Page {
  readonly type: string
  readonly icon: Component
  readonly name: string
  readonly component: Component
}
