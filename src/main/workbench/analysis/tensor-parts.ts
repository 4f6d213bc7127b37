import type { Needs, Taken } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { readWindowBytes } from '../../checkpoint/read-window.ts'
import { checkUnchanged, type Model } from '../model/model.ts'

/** Bytes that are read at once. */
const pieceBytes = 4 << 20

/**
 * Reads parts of a model's stored tensors, one after the other and some indices of an axis at a time.
 * @param wanted each within its tensor
 * @throws LamellaError `invalid-argument` where there is no such tensor; when a file changed or can no longer be read; what the
 * signal is aborted with
 */
export async function eachTensorPart(
  model: Model,
  wanted: Needs['parts'],
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  const total = wanted.reduce((sum, { range }) => sum + elementCount(sizesOf(range)), 0)
  let done = 0
  for (const part of wanted) {
    const { tensor, range } = part
    const entry = model.checkpoint.tensors.get(tensor)
    if (entry === undefined)
      throw new LamellaError(
        'invalid-argument',
        `${tensor}: the model has no tensor of that name`,
        'lamella info lists them.'
      )
    await checkUnchanged(model)
    const { dtype } = entry
    for (const piece of piecesOf(range, pieceBytes / bytesPerElement[dtype])) {
      context.signal.throwIfAborted()
      context.progress({ label: `Reading ${tensor}`, done, total })
      const start = piece.map(([from]) => from)
      const window = { start, size: sizesOf(piece), transposed: false }
      const bytes = await readWindowBytes(entry, window)
      await take({ kind: 'part', part, dtype, bytes })
      done += elementCount(window.size)
    }
  }
}

type Range = Needs['parts'][number]['range']

/** A range cut along its first axis that is longer than one, into pieces of about so many elements, one index at least. */
function* piecesOf(range: Range, elements: number): Generator<Range> {
  const sizes = sizesOf(range)
  if (elementCount(sizes) === 0) return
  const axis = sizes.findIndex(size => size > 1)
  if (axis < 0) {
    yield range
    return
  }
  const [from, to] = range[axis]!
  const step = Math.max(1, Math.floor(elements / elementCount(sizes.slice(axis + 1))))
  for (let at = from; at < to; at += step)
    yield range.with(axis, [at, Math.min(to, at + step)] as const)
}

function sizesOf(range: Range): number[] {
  return range.map(([from, to]) => to - from)
}
