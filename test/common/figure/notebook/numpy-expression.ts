/** An array as NumPy has it. */
export interface NumpyArray {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** What the expressions of a notebook are made of: variables of the data, and lists that the figure has beside them. */
export interface Names {
  readonly data: (name: string) => NumpyArray
  readonly figure: (name: string) => readonly (number | readonly [number, number])[]
}

const size = (shape: readonly number[]) => shape.reduce((all, length) => all * length, 1)
const strides = (shape: readonly number[]) => shape.map((_, axis) => size(shape.slice(axis + 1)))

/** An array of a shape whose numbers come from places of another. */
function built(
  { shape, values }: NumpyArray,
  own: readonly number[],
  placeOf: (at: readonly number[]) => readonly number[]
): NumpyArray {
  const steps = strides(own)
  const from = strides(shape)
  return {
    shape: own,
    values: Array.from({ length: size(own) }, (_, i) => {
      const at = own.map((length, axis) => Math.floor(i / steps[axis]!) % length)
      return values[placeOf(at).reduce((sum, place, axis) => sum + place * from[axis]!, 0)]!
    })
  }
}

function indexed(array: NumpyArray, index: string): NumpyArray {
  if (index === '()') return array
  const parts = index.split(',').map(part => part.trim())
  const along = array.shape.map((length, axis) => {
    const part = parts[axis] ?? ':'
    if (!part.includes(':')) return { at: Number(part) }
    if (part === '::-1') return { length, of: (i: number) => length - 1 - i }
    const [from = '', to = ''] = part.split(':')
    return { length: (to === '' ? length : Number(to)) - Number(from), of: (i: number) => Number(from) + i } // prettier-ignore
  })
  const own = along.flatMap(part => ('at' in part ? [] : [part.length]))
  return built(array, own, at => {
    let next = 0
    return along.map(part => ('at' in part ? part.at : part.of(at[next++]!)))
  })
}

function summed(array: NumpyArray, axes: readonly number[]): NumpyArray {
  const own = array.shape.filter((_, axis) => !axes.includes(axis))
  const values = Array.from({ length: size(own) }, () => 0)
  const [from, to] = [strides(array.shape), strides(own)]
  array.values.forEach((value, i) => {
    const at = array.shape.map((length, axis) => Math.floor(i / from[axis]!) % length)
    const left = at.filter((_, axis) => !axes.includes(axis))
    const place = left.reduce((sum, index, axis) => sum + index * to[axis]!, 0)
    values[place] = values[place]! + value
  })
  return { shape: own, values }
}

const numbersIn = (text: string) => [...text.matchAll(/-?\d[\d.e+-]*/g)].map(([own]) => Number(own))

/** Such as `a, [b, c]` in its parts. */
function splitAt(text: string, sign: string): string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    if ('[('.includes(text[i]!)) depth++
    if ('])'.includes(text[i]!)) depth--
    if (depth === 0 && text.startsWith(sign, i)) {
      parts.push(text.slice(from, i))
      from = i + sign.length
    }
  }
  return [...parts, text.slice(from)]
}

/** What a line of a notebook comes to: what NumPy would give for the few expressions that notebooks are written in. */
export function numpyValue(text: string, names: Names): NumpyArray {
  const [first, second] = splitAt(text, ' - ')
  if (second !== undefined) {
    const [a, b] = [numpyValue(first!, names), numpyValue(second, names)]
    return { shape: a.shape, values: a.values.map((value, i) => value - b.values[i]!) }
  }
  const [, head, rest] = /^((?:[a-z.]+)(?:\["[^"]*"\]|\())(.*)$/s.exec(text) ?? []
  if (head === undefined) return { shape: [], values: [text === 'nan' ? NaN : Number(text)] }
  if (head.startsWith('data['))
    return turned(names.data(JSON.parse(head.slice(5, -1)) as string), rest!)
  let depth = 1
  const end = [...rest!].findIndex(
    sign => (depth += sign === '(' ? 1 : sign === ')' ? -1 : 0) === 0
  )
  const [given, after] = [rest!.slice(0, end), rest!.slice(end + 1)]
  return turned(called(head.slice(0, -1), splitAt(given, ', '), names), after)
}

function called(name: string, given: readonly string[], names: Names): NumpyArray {
  const listed = (text: string) => names.figure(/\["([^"]*)"\]$/.exec(text)![1]!)
  switch (name) {
    case 'np.arange': {
      const [from, to] = given.length === 1 ? [0, Number(given[0])] : given.map(Number)
      return flat(Array.from({ length: to! - from! }, (_, i) => from! + i))
    }
    case 'np.linspace': {
      const [from, to, count] = given.map(Number)
      return flat(
        Array.from({ length: count! }, (_, i) => from! + ((to! - from!) * i) / (count! - 1))
      )
    }
    case 'np.array': {
      if (given[0]!.startsWith('FIGURE')) return flat(listed(given[0]!) as number[])
      const rows = splitAt(given.join(', ').slice(1, -1), ', ').map(own => numpyValue(own, names))
      return {
        shape: [rows.length, ...rows[0]!.shape],
        values: rows.flatMap(({ values }) => values)
      }
    }
    case 'taken': {
      const { values } = numpyValue(given[0]!, names)
      return flat((listed(given[1]!) as number[]).map(at => (at < 0 ? NaN : values[at]!)))
    }
    case 'without': {
      const { shape, values } = numpyValue(given[0]!, names)
      const left = [...values]
      for (const [start, length] of listed(given[1]!) as [number, number][])
        left.fill(NaN, start, start + length)
      return { shape, values: left }
    }
    default:
      throw new Error(`${name}: not an expression of notebooks`)
  }
}

function flat(values: readonly number[]): NumpyArray {
  return { shape: [values.length], values }
}

/** After what stands behind an array: indices, sums, turns and shapes. */
function turned(array: NumpyArray, behind: string): NumpyArray {
  let [own, left] = [array, behind]
  while (left !== '') {
    const [whole, index, method, args] =
      /^(?:\[([^\]]*)\]|\.(sum|transpose|reshape)\((\([\d, ]*\)|[\d, ]*)\))/.exec(left) ?? []
    if (whole === undefined) throw new Error(`${left}: not an expression of notebooks`)
    const given = numbersIn(args ?? '')
    if (index !== undefined) own = indexed(own, index)
    else if (method === 'sum') own = summed(own, given)
    else if (method === 'reshape') own = { ...own, shape: given }
    else {
      const shape = given.map(axis => own.shape[axis]!)
      own = built(own, shape, at => own.shape.map((_, axis) => at[given.indexOf(axis)]!))
    }
    left = left.slice(whole.length)
  }
  return own
}
