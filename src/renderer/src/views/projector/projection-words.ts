import type { ShownPoints } from '#common/analysis/project/shown-points.ts'
import { sampleOf } from '#common/figure/views/projector-words.ts'
import { exactCount } from '#common/text/number-text.ts'
import { whatWasRead } from '../../ui/head-scores/what-was-read.ts'

/** What more is to be known of a picture, a line each: which points are left out, and what its trustworthiness is of. */
export function moreOfPicture(points: ShownPoints): readonly string[] {
  const { result } = points
  const said = (name: string) => {
    const value = result.attributes[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const left = whatWasRead(result)?.left ?? []
  const sample = sampleOf(points)
  const of = said('trust_of')
  return [
    ...(sample === null
      ? []
      : [
          `Of ${exactCount(sample.total)} points ${exactCount(sample.drawn)} were drawn by the seed`
        ]),
    `Trustworthiness over the ${said('trust_neighbours')} nearest neighbours${of === '' ? '' : `, of ${of}`}: 1 where what is near here is near in the full space`,
    ...(said('not_held') === '' ? [] : [said('not_held')]),
    ...left.map(line => `Left out: ${line}`)
  ]
}
