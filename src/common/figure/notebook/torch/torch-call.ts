import { z } from 'zod'

/** What calls begin with: the run of a text, one with logits, the model without a text, its weights as they are stored, the tokenizer. */
export type TorchStart = 'run' | 'logits' | 'model' | 'weights' | 'tokenizer'

/** What PyTorch is asked for in the place of a view or an analysis, by its params. */
export interface TorchCall {
  readonly start: TorchStart
  /** Null where the params are none of its own. */
  readonly python: (params: unknown) => string | WithoutCall | null
}

/** What a notebook says of PyTorch: what is done, in words of Markdown, and the calls. */
export interface TorchCells {
  readonly note: string
  /** Null where there are none. */
  readonly code: string | null
}

/** Why there are no calls, in words that stand after “PyTorch is not asked for these numbers:”. */
export interface WithoutCall {
  readonly without: string
}

export const Index = z.int().min(0)

/** What a session says of its figures a stranger may have written: of params that are not a view's nothing is written. */
export function torchCall<P>(
  start: TorchStart,
  params: z.ZodType<P>,
  python: (params: P) => string | WithoutCall
): TorchCall {
  return {
    start,
    python(given) {
      const { data } = params.safeParse(given)
      return data === undefined ? null : python(data)
    }
  }
}

/** The same calls whatever the params are. */
export function plainTorchCall(start: TorchStart, python: string): TorchCall {
  return { start, python: () => python }
}

/** Numbers as a Python list of them. */
export function pythonList(numbers: readonly unknown[]): string {
  return JSON.stringify(numbers)
}
