import { LamellaError } from './errors.ts'

/**
 * Looks whether an index lies on an axis of a length.
 * @param axis what it counts, such as `head`
 * @param of whose axis it is, such as a hook's name, where that is not plain
 * @throws LamellaError `invalid-argument` naming the axis, what was asked and what there is
 */
export function checkIndex(axis: string, index: number, length: number, of?: string): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return
  const fault = `${axis} ${index} is outside 0…${length - 1}`
  throw new LamellaError('invalid-argument', of === undefined ? fault : `${of}: ${fault}`)
}
