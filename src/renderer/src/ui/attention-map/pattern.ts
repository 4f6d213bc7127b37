import type { Ref } from 'vue'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { Visibility } from '#common/model/visibility.ts'
import type { Latest } from '../../reactive/use-latest.ts'
import type { WrittenToken } from '#common/text/written-tokens.ts'

/** A pattern on one text, of a head or of several together, and what of it is known. */
export interface ShownPattern {
  readonly model: ModelInfo
  readonly run: Run
  /** What it is of, such as `Head 0.1` or `Mean of all heads`. */
  readonly name: string
  /** What its values are called; null for attention weights. */
  readonly unit: string | null
  /** [query, key] */
  readonly data: Float32Array
  readonly tokens: readonly WrittenToken[]
  /** Null where it is not known which keys a query sees. */
  readonly visibility: Visibility | null
  /** The first key is left out, and each row is divided by what is left of it. */
  readonly firstHidden: boolean
  /** Uniform attention over what is seen is what it is compared with. */
  readonly baseline: boolean
  /** What its numbers are rounded to. */
  readonly precision: 'float32' | 'float16'
  /** What the command line knows it by. */
  readonly again: FigureCommand
  /** The lowest and the highest weight. */
  readonly extent: ValueRange
}

/** That of one head. */
export interface HeadPattern extends ShownPattern {
  readonly layer: number
  readonly head: number
}

/** Where a pattern, or several, come from, and how that stands. */
export interface PatternSource<P = ShownPattern> {
  /** What is asked for. */
  readonly name: Ref<string>
  /** Why there is none; null where there may be one. */
  readonly missing: Ref<string | null>
  /** Its blocks are read from disk only when somebody asks for them, up to the last one. */
  readonly unasked: Ref<boolean>
  readonly lastLayer: Ref<number>
  readonly latest: Latest<P>
  readonly shown: Ref<P | null>
  /** Keys run from right to left. */
  readonly mirrored: Ref<boolean>
}
