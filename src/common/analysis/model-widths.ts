import { z } from 'zod'
import { checkIndex } from '../model/check-index.ts'
import { LamellaError } from '../model/errors.ts'
import type { ModelFacts } from './analysis.ts'

/** The widths of a model that can run. @throws LamellaError `unsupported` for one that cannot */
export function widthsOf({
  name,
  config,
  notRunnable
}: ModelFacts): NonNullable<ModelFacts['config']> {
  if (config !== null) return config
  const why = notRunnable ? `: ${notRunnable.why}` : ''
  throw new LamellaError('unsupported', `${name}: cannot run${why}`, notRunnable?.hint ?? undefined)
}

/** A param of layers to look at, from 0; all when left out. */
export const Layers = z.array(z.int().min(0)).min(1).max(4096).nullable().default(null)

/**
 * The layers that were asked for, each once and in order; all when none were.
 * @throws LamellaError `invalid-argument` naming the first that the model does not have
 */
export function layersOf(model: ModelFacts, asked: readonly number[] | null): number[] {
  const { nLayers } = widthsOf(model)
  if (asked === null) return Array.from({ length: nLayers }, (_, layer) => layer)
  for (const layer of asked) checkIndex('layer', layer, nLayers)
  return [...new Set(asked)].sort((a, b) => a - b)
}
