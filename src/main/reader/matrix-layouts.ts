import { LamellaError } from '#common/model/errors.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { readByFamily } from './family-reading.ts'
import type { RawConfig } from './model-files.ts'

/**
 * Tells how a model's matrices lie where no shape does: whether a weight is [in, out], by what its family reads the model as; null
 * where that does not say. The model is read once, when it is first asked for.
 * @param checkpoint under the names that it has without an adapter
 */
export function layoutsOf(
  config: RawConfig,
  checkpoint: Checkpoint
): (weight: string) => boolean | null {
  let known: ReadonlyMap<string, boolean> | null = null
  return weight => {
    known ??= knownLayouts(config, checkpoint)
    // What wraps the model stands before its own names.
    for (let own = weight; ; own = own.slice(own.indexOf('.') + 1)) {
      const isTurned = known.get(own)
      if (isTurned !== undefined) return isTurned
      if (!own.includes('.')) return null
    }
  }
}

function knownLayouts(config: RawConfig, checkpoint: Checkpoint): Map<string, boolean> {
  const found = new Map<string, boolean>()
  try {
    const rest: unknown[] = [readByFamily(config, checkpoint).spec]
    while (rest.length > 0) {
      const part = rest.pop()
      if (typeof part !== 'object' || part === null) continue
      const { weight, stored } = part as { weight?: unknown; stored?: unknown }
      if (typeof weight === 'string' && (stored === 'in,out' || stored === 'out,in'))
        found.set(weight, stored === 'in,out')
      rest.push(...(Object.values(part) as unknown[]))
    }
  } catch (error) {
    if (!(error instanceof LamellaError)) throw error
  }
  return found
}
