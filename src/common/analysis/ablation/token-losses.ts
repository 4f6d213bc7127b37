import { noLabel } from '../../model/gradient-target.ts'
import { logSumExp } from '../softmax.ts'

/**
 * Puts the cross-entropy of each token that is predicted where it belongs, in nats.
 * @param losses [predicted], in the order of their positions
 * @param expected what the logits of each position are to predict, [pos]
 * @param logits of some positions, [position, d_vocab]
 */
export function fillLosses(
  losses: Float64Array,
  expected: readonly number[],
  { positions, data }: { readonly positions: readonly number[]; readonly data: Float32Array }
): void {
  const width = data.length / positions.length
  const places = placesOf(expected)
  for (const [row, position] of positions.entries()) {
    const token = expected[position]!
    if (token === noLabel) continue
    const own = data.subarray(row * width, (row + 1) * width)
    losses[places[position]!] = logSumExp(own) - own[token]!
  }
}

/** Which of the tokens that are predicted each position predicts; of one that predicts none the next. */
function placesOf(expected: readonly number[]): number[] {
  let place = 0
  return expected.map(token => (token === noLabel ? place : place++))
}
