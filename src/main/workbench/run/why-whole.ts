import { totalmem } from 'node:os'
import { addsFromRun, type Edit } from '#common/model/edit.ts'
import { effectiveEdits } from './effective-edits.ts'
import { isMatrix } from './hook-values.ts'
import { pastBytes } from './past.ts'
import { isOnnx, type Runnable } from './runnable.ts'

/** What keys and values of a text may take in the engine, in bytes, beside the loaded blocks. */
const mostBytes = totalmem() / 8

/**
 * Why each further token of a text takes a run of all tokens; null where keys and values of those before stay what they
 * were, so that they are kept and the new token alone runs.
 *
 * They stay where nothing that runs at a token depends on what follows it: in causal models, which alone go on with
 * texts, and under edits that change a token's values alike however long the text is. Of edits that is all but a mean
 * over positions, and numbers that are dealt out over queries and keys which are not chosen.
 * @param count tokens of the text at its longest
 */
export function whyWhole(model: Runnable, edits: readonly Edit[], count: number): string | null {
  if (isOnnx(model)) return 'an ONNX graph runs as a whole'
  for (const [place, edit] of edits.entries()) {
    const why = effectiveEdits([edit]).length === 0 ? null : whyChanging(edit)
    if (why !== null) return `edit ${place + 1}, ${edit.hook}: ${why}`
  }
  const bytes = pastBytes(model.spec, count)
  if (bytes > mostBytes)
    return `keys and values of ${count} tokens take ${gigabytes(bytes)}, more than the ${gigabytes(mostBytes)} there is for them`
  return null
}

/** Why an edit changes a token's values otherwise once others follow. */
function whyChanging({ hook, at, add }: Edit): string | null {
  if (add === 'mean') return 'the mean over positions is another with each token'
  const isDealtOut = Array.isArray(add) || addsFromRun(add)
  const isOpen = at.query === undefined || at.key === undefined
  return isDealtOut && isMatrix(hook) && isOpen
    ? 'there are more queries and keys with each token'
    : null
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
