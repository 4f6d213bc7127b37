import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import type { WeightAddress, WeightRole } from '../model/weight-view.ts'
import { nothing, type Analysis, type Given } from './analysis.ts'
import { eigenvalues } from './eigenvalues.ts'
import { givenDataset } from './given.ts'
import { widthsOf } from './model-widths.ts'

const NoParams = z.strictObject({})

/** The variables that are norms, and the weights that they are of. */
const norms = {
  norm_Q: 'W_Q',
  norm_K: 'W_K',
  norm_V: 'W_V',
  norm_O: 'W_O',
  norm_bQ: 'b_Q',
  norm_bK: 'b_K',
  norm_bV: 'b_V'
} as const satisfies Readonly<Record<string, WeightRole>>
type NormName = keyof typeof norms
const normNames = Object.keys(norms) as NormName[]

const headAxis = (role: WeightRole) => (/[KV]$/.test(role) ? 'kv_head' : 'head')

const gives: readonly Given[] = [
  ...normNames.map(name => ({
    name,
    axes: ['layer', headAxis(norms[name])],
    unit: '',
    about: `Frobenius norm of ${norms[name]}${name.includes('_b') ? ', where there is one' : ''}`
  })),
  ...(['qk', 'ov'] as const).map(name => ({
    name: `${name}_eigen`,
    axes: ['layer', 'head', 'eigenvalue', 'part'],
    unit: '',
    about: `eigenvalues of ${name === 'qk' ? 'W_Q W_Kᵀ' : 'W_V W_O'} that can be non-zero, by magnitude`
  })),
  {
    name: 'copying',
    axes: ['layer', 'head'],
    unit: '',
    about: 'Σ Re λ / Σ |λ| over the eigenvalues of W_V W_O'
  }
]

/** What each head's weights are like by themselves: how large, and what its circuits do to what they read. */
export const headWeights: Analysis<z.infer<typeof NoParams>> = {
  name: 'head-weights',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: NoParams,
  about: {
    what: "The norms of each head's weights, and the eigenvalues of its two circuits: W_Q W_Kᵀ, which says what it attends to, and W_V W_O, which says what it writes of what it attends to.",
    formulas: [
      'norm = √Σ w²',
      'the non-zero eigenvalues of W_V W_O are those of W_O W_V [d_head, d_head]; of W_Q W_Kᵀ those of W_Kᵀ W_Q',
      'copying = Σ Re λ / Σ |λ| of W_V W_O'
    ],
    sources: [
      'Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits": eigenvalues of the OV circuit'
    ],
    read: 'Copying near 1: what the head writes is like what it reads, all eigenvalues being positive; near −1: it takes it away; near 0: it turns it into something else. Weights are as they are stored: no norm, no bias, no rotary angles and no 1/√d_head in them. Query heads that share a key/value head share its weights.',
    baseline: ''
  },
  gives,

  needs: (_, model) => ({ ...nothing, weights: addresses(widthsOf(model)) }),

  start(_, model) {
    const widths = widthsOf(model)
    const { nLayers, nHeads, nKeyValueHeads, dHead } = widths
    const heads = (role: WeightRole) => (headAxis(role) === 'head' ? nHeads : nKeyValueHeads)
    const found = new Map<NormName, Float64Array>()
    const eigen = { qk: circuits(), ov: circuits() }
    /** Weights of the layer that is read, by role and head, until all that needs them has come. */
    const held = new Map<string, Float32Array>()
    let layer = 0

    function circuits(): Float64Array {
      return new Float64Array(nLayers * nHeads * dHead * 2)
    }

    function addEigenvalues(name: 'qk' | 'ov', head: number, left: string, right: string): void {
      const [a, b] = [held.get(left), held.get(right)]
      if (a === undefined || b === undefined) return
      const own = eigenvalues(
        name === 'qk' ? columnsByColumns(a, b, dHead) : rowsByColumns(a, b, dHead),
        dHead
      )
      eigen[name].set(own, (layer * nHeads + head) * dHead * 2)
    }

    /** What a weight that has come whole tells. */
    function addWeight({ role, head }: WeightAddress, data: Float32Array): void {
      const name = normNames.find(name => norms[name] === role)!
      const all = found.get(name) ?? new Float64Array(nLayers * heads(role))
      found.set(name, all)
      let square = 0
      for (const value of data) square += value * value
      all[layer * heads(role) + head!] = Math.sqrt(square)
      const group = Math.floor(head! / (nHeads / nKeyValueHeads))
      if (role === 'W_Q') addEigenvalues('qk', head!, `W_K ${group}`, `W_Q ${head}`)
      if (role === 'W_O') addEigenvalues('ov', head!, `W_O ${head}`, `W_V ${group}`)
      // Keys and values stay for all queries of the layer.
      if (role === 'W_Q' || role === 'W_O') held.delete(`${role} ${head}`)
    }

    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'weight') return
        const { address, shape, start, data } = taken
        if (address.layer !== layer) held.clear()
        layer = address.layer!
        const key = `${address.role} ${address.head}`
        const [rows = 0, width = 1] = shape
        const whole = held.get(key) ?? new Float32Array(rows * width)
        held.set(key, whole)
        whole.set(data, start * width)
        if (start * width + data.length === whole.length) addWeight(address, whole)
      },
      result: () =>
        givenDataset(
          gives,
          {
            layer: axis(nLayers),
            head: axis(nHeads),
            kv_head: axis(nKeyValueHeads),
            eigenvalue: axis(dHead),
            part: axis(['real', 'imaginary'])
          },
          {
            ...Object.fromEntries(found),
            qk_eigen: eigen.qk,
            ov_eigen: eigen.ov,
            copying: copyingScores(eigen.ov, dHead)
          }
        ),
      state: () => ({})
    }
  }
}

/** Layer by layer; keys and values before the queries and outputs that they are multiplied with. */
function addresses({
  nLayers,
  nHeads,
  nKeyValueHeads
}: ReturnType<typeof widthsOf>): WeightAddress[] {
  const of = (layer: number, roles: readonly WeightRole[], heads: number) =>
    Array.from({ length: heads }, (_, head) => roles.map(role => ({ role, layer, head }))).flat()
  return Array.from({ length: nLayers }, (_, layer) => [
    ...of(layer, ['W_K', 'b_K', 'W_V', 'b_V'], nKeyValueHeads),
    ...of(layer, ['W_Q', 'b_Q', 'W_O'], nHeads)
  ]).flat()
}

/** aᵀ b. @param a, b [n, width] @returns [width, width] */
function columnsByColumns(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const product = new Float64Array(width * width)
  for (let row = 0; row < a.length; row += width)
    for (let i = 0; i < width; i++) {
      const factor = a[row + i]!
      for (let j = 0; j < width; j++) product[i * width + j]! += factor * b[row + j]!
    }
  return product
}

/** a b. @param a [width, n] @param b [n, width] @returns [width, width] */
function rowsByColumns(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const n = a.length / width
  const product = new Float64Array(width * width)
  for (let i = 0; i < width; i++)
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!
      for (let j = 0; j < width; j++) product[i * width + j]! += factor * b[k * width + j]!
    }
  return product
}

/** Σ Re λ / Σ |λ| of each head. @param eigen [layer, head, eigenvalue, part] @returns [layer, head] */
function copyingScores(eigen: Float64Array, dHead: number): Float64Array {
  return Float64Array.from({ length: eigen.length / (2 * dHead) }, (_, head) => {
    let real = 0
    let size = 0
    for (let i = head * dHead; i < (head + 1) * dHead; i++) {
      real += eigen[2 * i]!
      size += Math.hypot(eigen[2 * i]!, eigen[2 * i + 1]!)
    }
    return real / size
  })
}
