import { axis } from '../../data/dataset.ts'
import { alibiBiases, alibiSlopes } from '../../model/alibi.ts'
import type { AlibiSpec, RelativeSpec, RotarySpec } from '../../model/attention-spec.ts'
import { relativeBuckets } from '../../model/relative-buckets.ts'
import { rotaryFrequencies } from '../../model/rotary.ts'
import type { Given } from '../analysis.ts'
import type { Part } from './position-matrix.ts'

/** What rotary positions, linear biases and biases by relative position tell. */
export const attentionGives: readonly Given[] = [
  {
    name: 'inv_freq',
    axes: ['rotary_pair'],
    unit: 'radians per position',
    about: 'angle by which each pair of dimensions turns from one position to the next'
  },
  { name: 'wavelength', axes: ['rotary_pair'], unit: 'positions', about: '2π / inv_freq' },
  {
    name: 'attention_factor',
    axes: [],
    unit: '',
    about: 'factor of every sine and cosine: scores have its square'
  },
  {
    name: 'decay',
    axes: ['distance'],
    unit: '',
    about:
      'mean over pairs of cos(inv_freq · distance): the score of equal vectors of ones, without attention_factor'
  },
  { name: 'slopes', axes: ['head'], unit: '', about: 'slope of each head’s linear bias' },
  {
    name: 'bias',
    axes: ['head', 'distance'],
    unit: '',
    about: 'what is added to the score of a key so far before the query, less what its own has'
  },
  {
    name: 'relative',
    axes: ['head', 'offset'],
    unit: '',
    about: 'what is added to the score of a key so far behind the query, before it where negative'
  },
  {
    name: 'relative_table',
    axes: ['bucket', 'head'],
    unit: '',
    about:
      'what is added in each bucket of distances, which are named, by each head: W_rel as it is stored'
  }
]

/**
 * @param length of the text: some scalings depend on it
 * @param distances the longest
 */
export function rotaryPart(rotary: RotarySpec, length: number, distances: number): Part {
  const frequencies = rotaryFrequencies(rotary, length)
  const { scaling } = rotary
  return {
    axes: { rotary_pair: axis(frequencies.length), distance: axis(distances + 1) },
    data: {
      inv_freq: Float64Array.from(frequencies),
      wavelength: Float64Array.from(frequencies, frequency => (2 * Math.PI) / frequency),
      attention_factor: Float64Array.of('amplitude' in scaling ? scaling.amplitude : 1),
      decay: Float64Array.from({ length: distances + 1 }, (_, distance) => {
        const sum = frequencies.reduce((all, own) => all + Math.cos(own * distance), 0)
        return sum / frequencies.length
      })
    },
    attributes: { rotary: JSON.parse(JSON.stringify({ ...rotary, length })) as never }
  }
}

/** @param distances the longest */
export function alibiPart(
  alibi: Pick<AlibiSpec, 'scale' | 'rounding'>,
  nHeads: number,
  distances: number
): Part {
  const bias = new Float64Array(nHeads * (distances + 1))
  for (let head = 0; head < nHeads; head++) {
    const byKey = alibiBiases(alibi, nHeads, head, distances + 1)
    const own = byKey[distances]!
    for (let distance = 0; distance <= distances; distance++)
      bias[head * (distances + 1) + distance] = byKey[distances - distance]! - own
  }
  return {
    axes: { head: axis(nHeads), distance: axis(distances + 1) },
    data: { slopes: Float64Array.from(alibiSlopes(nHeads)), bias },
    attributes: { alibi: { scale: alibi.scale, rounding: alibi.rounding } }
  }
}

/**
 * @param table W_rel, [bucket, head]
 * @param distances the longest
 */
export function relativePart(
  { buckets, furthest }: Pick<RelativeSpec, 'buckets' | 'furthest'>,
  table: Float32Array,
  distances: number
): Part {
  const nHeads = table.length / buckets
  const places = relativeBuckets({ buckets, furthest })
  const names = bucketNames(places, buckets, furthest)
  const offsets = Array.from({ length: 2 * distances + 1 }, (_, i) => i - distances)
  const added = (head: number, offset: number) => {
    const near = Math.max(-furthest, Math.min(furthest, offset))
    return table[places[near + furthest]! * nHeads + head]!
  }
  const heads = [...Array(nHeads).keys()]
  return {
    axes: {
      head: axis(nHeads),
      distance: axis(distances + 1),
      offset: axis(offsets.map(String)),
      bucket: axis(names)
    },
    data: {
      relative_table: table,
      relative: Float64Array.from(heads.flatMap(head => offsets.map(at => added(head, at)))),
      bias: Float64Array.from(
        heads.flatMap(head =>
          Array.from({ length: distances + 1 }, (_, back) => added(head, -back) - added(head, 0))
        )
      )
    },
    attributes: { relative: { buckets, furthest } }
  }
}

/** The distances from query to key that share each bucket, as `−8…−11`; of the last of a side those beyond it, too. */
function bucketNames(places: readonly number[], buckets: number, furthest: number): string[] {
  const signed = (distance: number) => (distance < 0 ? `−${-distance}` : String(distance))
  return Array.from({ length: buckets }, (_, bucket) => {
    const [first, last] = [places.indexOf(bucket), places.lastIndexOf(bucket)]
    if (first < 0) return '–'
    const distances = [first - furthest, last - furthest].sort((a, b) => Math.abs(a) - Math.abs(b))
    const [near, far] = distances as [number, number]
    if (Math.abs(far) === furthest) return `${signed(near)}…`
    return near === far ? signed(near) : `${signed(near)}…${signed(far)}`
  })
}
