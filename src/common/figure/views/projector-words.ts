import type { LayoutMethod } from '../../analysis/project/point-counts.ts'
import type { PointSet } from '../../analysis/project/point-sets.ts'
import type { ShownPoints } from '../../analysis/project/shown-points.ts'
import { variable } from '../../data/dataset.ts'
import { counted, exactCount, numberText, percentText } from '../../text/number-text.ts'

/** What a set is called, and what stands behind it. */
export const setWords: Readonly<
  Record<PointSet, { readonly text: string; readonly note: string }>
> = {
  input: { text: 'Tokens', note: 'rows of the embedding W_E' },
  output: { text: 'Tokens, output', note: 'columns of the unembedding W_U' },
  tokens: { text: 'Text’s tokens', note: 'residual stream at a layer' },
  'token-layers': { text: 'Tokens by layer', note: 'the text’s, through all layers in one space' },
  sentences: { text: 'Texts and sentences', note: 'one vector each, at a layer' },
  positions: { text: 'Positions', note: 'rows of W_pos' },
  W_in: { text: 'Neurons, what they read', note: 'W_in' },
  W_out: { text: 'Neurons, what they write', note: 'W_out' },
  W_Q: { text: 'Heads by W_Q', note: 'all numbers of each' },
  W_K: { text: 'Heads by W_K', note: 'all numbers of each' },
  W_V: { text: 'Heads by W_V', note: 'all numbers of each' },
  W_O: { text: 'Heads by W_O', note: 'all numbers of each' }
}

export const methodWords: Readonly<Record<LayoutMethod, string>> = {
  pca: 'PCA',
  tsne: 't-SNE',
  umap: 'UMAP',
  axis: 'Axis'
}

/** What each axis is called; null of methods whose axes mean nothing by themselves. */
export function axisNames({ result }: ShownPoints): readonly string[] | null {
  const names = result.axes['dimension']!.labels ?? []
  return /^(t-SNE|UMAP)/.test(names[0] ?? '') ? null : names
}

/** The same with the share of the variance that each shows. */
export function axesWords(points: ShownPoints): readonly string[] | null {
  const ratio = variable(points.result, 'ratio').data
  const words = axisNames(points)?.map((name, i) => {
    const share = ratio[i]!
    return Number.isNaN(share) ? name : `${name} (${percentText(share)})`
  })
  return words ?? null
}

/** How many points there are of how many, where they are a sample; else null. */
export function sampleOf({ result }: ShownPoints): { drawn: number; total: number } | null {
  const { points } = result.attributes
  const total = typeof points === 'string' ? /^a sample.* of (\d+)$/.exec(points)?.[1] : undefined
  return total === undefined ? null : { drawn: result.axes['point']!.length, total: Number(total) }
}

/** What is to be known of a picture in a line: how many points, what it shows of them, how far it can be trusted. */
export function pictureText(points: ShownPoints, text = (value: number) => numberText(value)) {
  const { result, index, set } = points
  const { left_out: left } = result.attributes
  const ratio = [...variable(result, 'ratio').data].filter(share => !Number.isNaN(share))
  const trust = variable(result, 'trustworthiness').data[0]!
  const sample = sampleOf(points)
  const drawn = result.axes['point']!.length
  const count =
    sample !== null
      ? `${exactCount(drawn)} of ${exactCount(sample.total)}, a sample`
      : set === 'token-layers'
        ? `${counted(index.length, 'token')} at ${counted(drawn / index.length, 'layer')}`
        : `all ${exactCount(index.length)}`
  return [
    count,
    ...(Array.isArray(left) && left.length > 0 ? [`${exactCount(left.length)} left out`] : []),
    ...(ratio.length === 0
      ? []
      : [`${percentText(ratio.reduce((sum, share) => sum + share, 0))} of the variance`]),
    ...(Number.isNaN(trust) ? [] : [`trustworthiness ${text(trust)}`])
  ].join(' · ')
}
