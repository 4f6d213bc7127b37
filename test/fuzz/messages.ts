/** What the process that reads the cases is told, on its command line. */
export interface WorkerOptions {
  readonly target: string
  readonly seed: number
  /** The case to begin with. */
  readonly from: number
  readonly count: number
  readonly seconds: number
  /** Where cases are written; nothing outside may be read. */
  readonly folder: string
}

/** What it says. */
export type WorkerMessage =
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'end'; readonly refused: boolean }
  | { readonly kind: 'finding'; readonly what: string; readonly detail: string }
  | { readonly kind: 'done' }
