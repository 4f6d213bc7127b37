import type { Sides } from '#common/analysis/sides.ts'
import type { CorpusInput, Cut } from '#common/analysis/subject.ts'
import type { FigureReading } from '#common/figure/made/made-figure.ts'
import type { Edit } from '#common/model/edit.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { cutOf, type CutOptions } from './analysis-run.ts'
import type { SettingTexts } from './settings.ts'

/** What is asked of one of two, and of the second where that is not as the first. */
export interface SidesOptions extends CutOptions {
  readonly set?: SettingTexts
  /** What all that is read is called together. */
  readonly corpus?: string
  readonly edit?: readonly Edit[]
  readonly provider: ProviderChoice
  /** What is made of two. */
  readonly sides?: Sides
  /** Folders of other models. */
  readonly with?: readonly string[]
  /** What all that the other reads is called together, and how that is cut. */
  readonly withCorpus?: string
  readonly withWindow?: number | 'none'
  readonly withStride?: number
  readonly withSentences?: boolean
  readonly withSet?: SettingTexts
  readonly withEdit?: readonly Edit[]
  readonly withProvider?: ProviderChoice
}

/** What the first reads. */
export function readsOf(inputs: readonly CorpusInput[], options: SidesOptions): FigureReading {
  return { inputs, name: options.corpus ?? null, ...cutOf(options) }
}

/** What the second reads: the same as the first, but for what is said. */
export function readByOther(
  own: FigureReading,
  others: readonly CorpusInput[],
  options: SidesOptions
): FigureReading {
  const isSame = others.length === 0
  if (isSame && !isCutOtherwise(options)) return own
  const name = options.withCorpus ?? (isSame ? own.name : null)
  return { inputs: isSame ? own.inputs : others, name, ...cutOfOther(own, options) }
}

/** Whether what the second reads is said to be called or cut otherwise. */
export function isCutOtherwise({
  withCorpus,
  withWindow,
  withStride,
  withSentences
}: Pick<SidesOptions, 'withCorpus' | 'withWindow' | 'withStride' | 'withSentences'>): boolean {
  return [withCorpus, withWindow, withStride, withSentences].some(said => said !== undefined)
}

/** How what the second reads is cut: as what the first reads, where nothing is said of it. A stride goes with the window that it is said of. */
export function cutOfOther(
  { window, stride, sentences }: Cut,
  {
    withWindow,
    withStride,
    withSentences
  }: Pick<SidesOptions, 'withWindow' | 'withStride' | 'withSentences'>
): Cut {
  if (withSentences) return cutOf({ sentences: true })
  if (withWindow !== undefined)
    return cutOf({ window: withWindow === 'none' ? undefined : withWindow, stride: withStride })
  return withStride === undefined
    ? { window, stride, ...(sentences && { sentences }) }
    : { window, stride: withStride }
}
