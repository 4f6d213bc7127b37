import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import {
  analysisCommandText,
  figureCommandText,
  sessionCommandText,
  sessionFigureCommandText
} from '#common/text/command-text.ts'

it.skipIf(process.platform === 'win32')('a command is taken by a shell as it is meant', () => {
  const text = `It's "100 %" of $HOME\n\`x\` \\ שלום`
  const command = figureCommandText(
    { view: 'attention', params: { layer: 3, heads: [[0, 1]], colors: 'magma', query: null } },
    {
      folder: '/models/my model',
      input: { text },
      edits: [],
      provider: 'cpu'
    },
    'figure.pdf'
  )
  const [, given] = command.split(' -- ')
  const words = execFileSync('bash', [
    '-c',
    `printf '%s\\0' ${given!}${command.split(' -- ').slice(2).join(' -- ')}`
  ])
  expect(words.toString().split('\0').slice(0, -1)).toEqual([
    'figure',
    '/models/my model',
    ...['--view', 'attention', '--set', 'layer=3', '--set', 'heads=[[0,1]]'],
    ...['--set', 'colors=magma', '--text', text, '--provider', 'cpu', '--out', 'figure.pdf']
  ])
})

it('a text that no command can have is read from a file', () => {
  const subject = { folder: 'm', input: { text: 'a\0b' }, edits: [], provider: 'cpu' }
  const command = figureCommandText({ view: 'v', params: {} }, subject, 'f.svg')
  expect(command).toContain('--text-file TEXT.txt')
})

it('a long text is read from a file', () => {
  const subject = { folder: 'm', input: { text: 'x'.repeat(3000) }, edits: [], provider: 'cpu' }
  const command = figureCommandText({ view: 'v', params: {} }, subject, 'f.svg')
  expect(command).toBe(
    'npm run --silent lamella -- figure m --view v --text-file TEXT.txt --provider cpu --out f.svg'
  )
  const text = 'x'.repeat(2000)
  expect(
    figureCommandText({ view: 'v', params: {} }, { ...subject, input: { text } }, 'f')
  ).toContain(`--text ${text} `)
})

it('the text of another run is told where it is another one', () => {
  const subject = { folder: 'm', input: { text: 'a' }, edits: [], provider: 'cpu' }
  const commandOf = (text: string) =>
    figureCommandText(
      { view: 'v', params: {}, with: 'n', withRun: { input: { text }, edits: [] } },
      subject,
      'f.svg'
    )
  expect(commandOf('a')).not.toContain('--with-text')
  expect(commandOf('b')).toContain('--text a --provider cpu --with-text b --out')
})

it('the text of a second that is not cut as the first says so', () => {
  const cut = (window: number | null, stride: number | null = null) => ({ cut: { window, stride } })
  const toldOf = (own: object, second: object) => {
    const subject = { folder: 'm', input: { text: 'a' }, edits: [], provider: 'cpu', ...own }
    const withRun = { input: { text: 'b' }, edits: [], ...second }
    const asked = { view: 'v', params: {}, sides: 'difference' as const, withRun }
    return /--with-text b (.*?) ?--out/.exec(figureCommandText(asked, subject, 'f.svg'))?.[1]
  }
  expect(toldOf({}, {})).toBe('')
  expect(toldOf({}, cut(8))).toBe('--with-window 8')
  expect(toldOf(cut(8), {})).toBe('--with-window none')
  expect(toldOf(cut(8), cut(null, 4))).toBe('--with-window none --with-stride 4')
  expect(toldOf(cut(8, 4), cut(16))).toBe('--with-window 16')
})

it('long texts of two are read from a file each', () => {
  const long = (letter: string) => ({ input: { text: letter.repeat(3000) }, edits: [] })
  const subject = { folder: 'm', ...long('x'), provider: 'cpu' }
  const command = figureCommandText(
    { view: 'v', params: {}, sides: 'beside', withRun: long('y') },
    subject,
    'f.svg'
  )
  expect(command).toContain('--text-file TEXT.txt')
  expect(command).toContain('--with-text-file OTHER-TEXT.txt')
})

it('long texts that tokens of either are counted in are in files of their own', () => {
  const counted = (letter: string) => ({ inputs: [{ text: letter.repeat(3000) }], name: letter })
  const subject = { folder: 'm', input: null, edits: [], provider: 'none' }
  const command = figureCommandText(
    {
      ...{ view: 'v', params: { counted: counted('x') }, sides: 'beside' as const },
      withParams: { counted: counted('y') }
    },
    subject,
    'f.svg'
  )
  const files = [...command.matchAll(/--(\S+) \S*counted=.*?"path":"([^"]+)"/g)]
  expect(files.map(([, option, file]) => [option, file])).toEqual([
    ['set', 'COUNTED-TEXT.txt'],
    ['with-set', 'OTHER-COUNTED-TEXT.txt']
  ])
})

it('the second of two is told as far as it is not as the first, each with its own edits', () => {
  const edit = { hook: 'h', at: {}, scale: 0, add: null } as const
  const subject = { folder: 'm', input: { text: 'a' }, edits: [edit], provider: 'cpu' }
  const command = figureCommandText(
    {
      ...{ view: 'v', params: { layer: 1 }, sides: 'difference' as const, withView: 'w' },
      withParams: { head: 2, layer: null, name: 'null' },
      withRun: { input: { text: 'a' }, edits: [edit], provider: 'webgpu' }
    },
    subject,
    'f.svg'
  )
  const typed = `'{"hook":"h","at":{},"scale":0,"add":null}'`
  expect(command).toContain(
    `--sides difference --set layer=1 --text a --edit ${typed} --provider cpu --with-view w`
  )
  expect(command).toContain(
    `--with-set head=2 --with-set 'name="null"' --with-set layer=null --with-edit ${typed} --with-provider webgpu --out`
  )
  expect(command).not.toContain('--with-text')
})

it('makes the numbers of an analysis again, of the weights or of a text', () => {
  const weights = { folder: 'm', input: null, edits: [], provider: 'none' }
  const asked = { analysis: 'project', params: { set: 'W_in', points: null, layers: [1] } }
  expect(analysisCommandText(asked, weights, 'numbers.csv')).toBe(
    "npm run --silent lamella -- analyse project m --set set=W_in --set 'layers=[1]' --out numbers.csv"
  )
  // The word "12" is no id.
  const words = { analysis: 'neighbours', params: { tokens: '12', of: 'input' } }
  expect(analysisCommandText(words, weights, 'n.csv')).toBe(
    `npm run --silent lamella -- analyse neighbours m --set 'tokens="12"' --set of=input --out n.csv`
  )
  const run = { folder: 'm', input: { ids: [1, 2] }, edits: [], provider: 'cpu' }
  expect(analysisCommandText({ analysis: 'project', params: {} }, run, 'n.json')).toBe(
    'npm run --silent lamella -- analyse project m --tokens 1,2 --provider cpu --out n.json'
  )
})

it('a folder or a session that begins with a hyphen is no option', () => {
  const origin = { folder: '-m', input: null, edits: [], provider: 'none' }
  const figure = { view: 'v', params: {}, with: '-n' }
  expect([
    figureCommandText(figure, origin, 'f.svg'),
    analysisCommandText({ analysis: 'a', params: {}, with: '-n' }, origin, 'n.csv'),
    sessionFigureCommandText({ session: '-s.lamella', figure: '-f' }, 'f.svg'),
    sessionCommandText('-s.lamella', '--rerun')
  ]).toEqual(
    [
      'figure ./-m --view v --with -n --out f.svg',
      'analyse a ./-m ./-n --out n.csv',
      'figure ./-s.lamella --figure -f --out f.svg',
      'session ./-s.lamella --rerun'
    ].map(own => `npm run --silent lamella -- ${own}`)
  )
})
