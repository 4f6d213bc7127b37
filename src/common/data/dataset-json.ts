import { type Dataset, shapeOf, type Variable } from './dataset.ts'

/**
 * A dataset as JSON, a piece at a time: its attributes, its axes, and each variable as nested arrays. JSON has no
 * NaN and no infinity: both are null, and each variable that holds some says how many.
 */
export function* datasetJson(dataset: Dataset): Generator<string> {
  const { attributes, axes, variables } = dataset
  yield `{\n"attributes": ${JSON.stringify(attributes)},\n"axes": ${JSON.stringify(axes)},\n"variables": {`
  let first = true
  for (const [name, variable] of Object.entries(variables)) {
    const { data, ...described } = variable
    const head = JSON.stringify({ ...described, ...notFinite(data) }).slice(1, -1)
    yield `${first ? '' : ','}\n${JSON.stringify(name)}: {${head}, "data": `
    yield* nested(data, shapeOf(dataset, variable), 0)
    yield '}'
    first = false
  }
  yield '\n}\n}'
}

/** How many numbers JSON cannot say, where there are any. */
function notFinite(data: Variable['data']): {
  nan?: number
  infinity?: number
  minus_infinity?: number
} {
  let nan = 0
  let infinity = 0
  let minus = 0
  for (const value of data) {
    if (Number.isNaN(value)) nan++
    else if (value === Infinity) infinity++
    else if (value === -Infinity) minus++
  }
  return {
    ...(nan > 0 && { nan }),
    ...(infinity > 0 && { infinity }),
    ...(minus > 0 && { minus_infinity: minus })
  }
}

function* nested(
  data: Variable['data'],
  shape: readonly number[],
  start: number
): Generator<string> {
  const [length, ...rest] = shape
  if (length === undefined) {
    yield JSON.stringify(data[start])
    return
  }
  if (rest.length === 0) {
    // JSON.stringify gives null for what is not finite.
    yield JSON.stringify(Array.from(data.subarray(start, start + length)))
    return
  }
  const size = rest.reduce((product, dimension) => product * dimension, 1)
  yield '['
  for (let i = 0; i < length; i++) {
    if (i > 0) yield ','
    yield* nested(data, rest, start + i * size)
  }
  yield ']'
}
