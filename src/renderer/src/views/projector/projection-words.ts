import { variable } from '#common/data/dataset.ts'
import { counted, exactCount, percentText } from '#common/text/number-text.ts'
import { whatWasRead } from '../../ui/head-scores/what-was-read.ts'
import type { ShownPoints } from './shown-points.ts'

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

/** What is to be known of a picture: how many points, what it shows of them, how far it can be trusted. */
export function pictureWords(
  { result, index, set }: ShownPoints,
  numberText: (value: number) => string
): { readonly text: string; readonly more: readonly string[] } {
  const { attributes } = result
  const ratio = [...variable(result, 'ratio').data].filter(share => !Number.isNaN(share))
  const trust = variable(result, 'trustworthiness').data[0]!
  const said = (name: string) => {
    const value = attributes[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const left = whatWasRead(result)?.left ?? []
  const sample = said('points')
  const isSample = sample.startsWith('a sample')
  const [, total] = /of (\d+)$/.exec(sample) ?? []
  const drawn = result.axes['point']!.length
  const count = isSample
    ? `${exactCount(drawn)} of ${exactCount(Number(total))}, a sample`
    : set === 'token-layers'
      ? `${counted(index.length, 'token')} at ${counted(drawn / index.length, 'layer')}`
      : `all ${exactCount(index.length)}`
  const shown =
    ratio.length === 0
      ? []
      : [`${percentText(ratio.reduce((sum, share) => sum + share, 0))} of the variance`]
  const of = said('trust_of')
  return {
    text: [
      count,
      ...(left.length > 0 ? [`${exactCount(left.length)} left out`] : []),
      ...shown,
      ...(Number.isNaN(trust) ? [] : [`trustworthiness ${numberText(trust)}`])
    ].join(' · '),
    more: [
      ...(isSample
        ? [`Of ${exactCount(Number(total))} points ${exactCount(drawn)} were drawn by the seed`]
        : []),
      `Trustworthiness over the ${said('trust_neighbours')} nearest neighbours${of === '' ? '' : `, of ${of}`}: 1 where what is near here is near in the full space`,
      ...(said('not_held') === '' ? [] : [said('not_held')]),
      ...left.map(line => `Left out: ${line}`)
    ]
  }
}
