/** A tensor with its numbers, row-major. */
export interface Matrix {
  readonly shape: readonly number[]
  readonly data: Float32Array<ArrayBuffer>
}

/** What the tensors of a model with TransformerLens's names do not say. */
export interface LensModel {
  readonly activation: 'relu' | 'silu' | 'solu'
  readonly norm?: 'layer' | 'rms'
  /** Whether what the activation gives is normalised. */
  readonly normed?: boolean
  readonly eps?: number
  /** Factor of scores; 1/√d_head where it is left out. */
  readonly scale?: number
  readonly causal?: boolean
  /** A token that no query sees. */
  readonly padding?: number
  readonly shortformer?: boolean
  readonly parallel?: boolean
}

type Rows = number[][]

/**
 * A forward pass in plain loops of float64, after the formulas that TransformerLens documents.
 * @returns logits [pos, d_vocab_out] and the last block's pattern [head, query, key]
 */
export function lensForward(
  tensors: ReadonlyMap<string, Matrix>,
  ids: readonly number[],
  {
    activation,
    norm,
    normed: isNormed = false,
    eps = 1e-5,
    scale,
    causal = true,
    padding,
    shortformer = false,
    parallel = false
  }: LensModel
): { logits: Float32Array; pattern: Float32Array } {
  const has = (name: string) => tensors.get(name)
  const rowsOf = ({ shape, data }: Matrix): Rows => {
    const width = shape.at(-1)!
    return Array.from({ length: data.length / width }, (_, i) => [
      ...data.subarray(i * width, (i + 1) * width)
    ])
  }
  const times = (x: Rows, w: Rows, b?: ArrayLike<number>): Rows =>
    x.map(row =>
      w[0]!.map((_, j) =>
        row.reduce((sum, own, i) => sum + own * w[i]![j]!, b === undefined ? 0 : b[j]!)
      )
    )
  const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((own, j) => own + b[i]![j]!))
  const normed = (x: Rows, name: string, kind = norm): Rows => {
    const [w, b] = [has(`${name}.w`)?.data, has(`${name}.b`)?.data]
    if (kind === undefined) return x
    return x.map(row => {
      const mean = kind === 'layer' ? row.reduce((sum, own) => sum + own, 0) / row.length : 0
      const square = row.reduce((sum, own) => sum + (own - mean) ** 2, 0) / row.length
      return row.map(
        (own, i) => ((own - mean) / Math.sqrt(square + eps)) * (w?.[i] ?? 1) + (b?.[i] ?? 0)
      )
    })
  }
  const softmax = (row: number[]): number[] => {
    const top = Math.max(...row)
    const all = row.map(own => Math.exp(own - top))
    const sum = all.reduce((total, own) => total + own, 0)
    return all.map(own => own / sum)
  }
  const activated = (row: number[]): number[] => {
    if (activation === 'relu') return row.map(own => Math.max(own, 0))
    if (activation === 'silu') return row.map(own => own / (1 + Math.exp(-own)))
    const weights = softmax(row)
    return row.map((own, i) => own * weights[i]!)
  }

  const table = rowsOf(has('embed.W_E')!)
  const places = has('pos_embed.W_pos') && rowsOf(has('pos_embed.W_pos')!).slice(0, ids.length)
  let residual = ids.map(id => [...table[id]!])
  if (places && !shortformer) residual = plus(residual, places)
  let pattern: number[] = []

  function attention(x: Rows, at: string): Rows {
    const named = (letter: string) => has(`${at}.W_${letter}`) ?? has(`${at}._W_${letter}`)!
    const placed = shortformer ? plus(x, places!) : x
    const [nHeads = 0, dModel = 0, dHead = 0] = named('Q').shape
    const nKeyValueHeads = named('K').shape[0]!
    const projected = (of: Rows, letter: string, head: number): Rows => {
      const size = dModel * dHead
      const w = named(letter).data.subarray(head * size, (head + 1) * size)
      const biases = has(`${at}.b_${letter}`) ?? has(`${at}._b_${letter}`)
      return times(of, rowsOf({ shape: [dModel, dHead], data: w }), biases && rowsOf(biases)[head])
    }
    pattern = []
    const z: Rows = x.map(() => [])
    for (let head = 0; head < nHeads; head++) {
      const own = Math.floor(head / (nHeads / nKeyValueHeads))
      const [q, k, v] = [
        projected(placed, 'Q', head),
        projected(placed, 'K', own),
        projected(x, 'V', own)
      ]
      q.forEach((query, i) => {
        const scores = k.map((key, j) =>
          (causal && j > i) || ids[j] === padding
            ? -Infinity
            : query.reduce((sum, one, d) => sum + one * key[d]!, 0) * (scale ?? dHead ** -0.5)
        )
        const weights = softmax(scores)
        pattern.push(...weights)
        for (let d = 0; d < dHead; d++)
          z[i]!.push(weights.reduce((sum, weight, j) => sum + weight * v[j]![d]!, 0))
      })
    }
    const output = has(`${at}.W_O`)
    return output ? times(z, rowsOf(output), has(`${at}.b_O`)?.data) : z
  }

  function mlp(x: Rows, at: string): Rows {
    const input = has(`${at}.W_in`)
    if (input === undefined) return x.map(row => row.map(() => 0))
    const gate = has(`${at}.W_gate`)
    const inner = times(x, rowsOf(input), has(`${at}.b_in`)?.data)
    const post = gate
      ? times(x, rowsOf(gate)).map((row, i) => activated(row).map((own, j) => own * inner[i]![j]!))
      : inner.map(activated)
    const given = isNormed ? normed(post, `${at}.ln`, 'layer') : post
    return times(given, rowsOf(has(`${at}.W_out`)!), has(`${at}.b_out`)?.data)
  }

  for (let layer = 0; has(`blocks.${layer}.attn.W_Q`); layer++) {
    const at = `blocks.${layer}`
    const attended = attention(normed(residual, `${at}.ln1`), `${at}.attn`)
    const mid = plus(residual, attended)
    const given = mlp(normed(parallel ? residual : mid, `${at}.ln2`), `${at}.mlp`)
    residual = plus(mid, given)
  }
  const last = normed(residual, 'ln_final')
  const logits = times(last, rowsOf(has('unembed.W_U')!), has('unembed.b_U')?.data)
  return { logits: Float32Array.from(logits.flat()), pattern: Float32Array.from(pattern) }
}
