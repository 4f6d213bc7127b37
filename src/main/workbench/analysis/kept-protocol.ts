import type { Dataset } from '#common/data/dataset.ts'
import type { KeptState } from '../../compute/protocol.ts'

/** Where results and states are kept. */
export interface KeptPlace {
  readonly folder: string
  readonly limitBytes: number
}

/** What is kept, and under which key. */
interface Keeping<T> {
  readonly key: string
  readonly value: T
}

/** What the thread of kept results does. What could not be kept comes back as the reason, in a line; else null. */
export interface KeptCalls {
  result: { argument: { readonly key: string }; result: Dataset | null }
  keepResult: { argument: Keeping<Dataset>; result: string | null }
  state: { argument: { readonly key: string }; result: KeptState | null }
  keepState: { argument: Keeping<KeptState>; result: string | null }
}
