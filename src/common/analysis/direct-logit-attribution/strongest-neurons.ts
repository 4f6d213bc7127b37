import { largest } from '../softmax.ts'

/** Of each target the neurons that give most, of either sign, the strongest first: [target, rank] each. */
export interface StrongestNeurons {
  /** How many of each target. */
  readonly count: number
  readonly layer: Int32Array
  readonly unit: Int32Array
  readonly value: Float64Array
}

/** @param given [target, layer, unit] */
export function strongestNeurons(
  given: Float32Array,
  {
    targets,
    units,
    top
  }: { readonly targets: number; readonly units: number; readonly top: number }
): StrongestNeurons {
  const width = given.length / targets
  const count = Math.min(top, width)
  const places = Array.from({ length: targets }, (_, target) => {
    const own = given.subarray(target * width, (target + 1) * width)
    return largest(own.map(Math.abs), count)
  })
  const flat = places.flatMap((own, target) => own.map(place => target * width + place))
  return {
    count,
    layer: Int32Array.from(places.flat(), place => Math.floor(place / units)),
    unit: Int32Array.from(places.flat(), place => place % units),
    value: Float64Array.from(flat, place => given[place]!)
  }
}
