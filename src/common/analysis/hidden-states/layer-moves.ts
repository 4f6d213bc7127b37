/** Of each token of a text at a layer: [pos] each. */
export interface LayerMoves {
  readonly norm: Float64Array
  readonly moved: Float64Array
  readonly cosine_previous: Float64Array
  readonly cosine_input: Float64Array
}

/**
 * How vectors have changed since the layer before, and since the first.
 * @param data [pos, width]
 * @param previous of the layer before; null of the first
 * @param input of the first
 */
export function layerMoves(
  data: Float32Array,
  previous: Float32Array | null,
  input: Float32Array,
  length: number
): LayerMoves {
  const width = data.length / length
  const each = (of: (start: number) => number) =>
    Float64Array.from({ length }, (_, pos) => of(pos * width))
  const product = (a: Float32Array, b: Float32Array, start: number) => {
    let sum = 0
    for (let i = start; i < start + width; i++) sum += a[i]! * b[i]!
    return sum
  }
  const cosine = (other: Float32Array, start: number) =>
    product(data, other, start) /
    Math.sqrt(product(data, data, start) * product(other, other, start))
  return {
    norm: each(start => Math.sqrt(product(data, data, start))),
    moved: each(start => (previous === null ? NaN : distance(data, previous, start, width))),
    cosine_previous: each(start => (previous === null ? NaN : cosine(previous, start))),
    cosine_input: each(start => cosine(input, start))
  }
}

function distance(a: Float32Array, b: Float32Array, start: number, width: number): number {
  let sum = 0
  for (let i = start; i < start + width; i++) sum += (a[i]! - b[i]!) ** 2
  return Math.sqrt(sum)
}
