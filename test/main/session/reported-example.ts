import { join } from 'node:path'
import { attentionMap } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawing } from '#common/figure/drawing.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { packedContent } from '#common/figure/panels/panel-content.ts'
import type { FigurePanel, SessionFigure } from '#common/figure/panels/session-figure.ts'
import type { KeptProvenance } from '#common/figure/provenance.ts'
import { Json } from '#common/model/json.ts'
import type { SessionContent } from '#common/model/session.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { projectRoot } from '../../golden/workbench.ts'

/** What strangers may write, to be letters wherever it is shown. */
export const hostile = '<img src=x onerror=alert(1)> & "quotes" \u202Ereversed'
export const hebrewText = 'שלום לכולם, מה שלומכם היום?'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const model = { path: '/nowhere/gone', fingerprint: '' }

/**
 * Writes the shipped example as a session of a model that is nowhere, with notes, findings, a figure of several panels, Hebrew
 * and hostile names.
 */
export async function writeReportedExample(path: string): Promise<void> {
  const from = sessionWork()
  const to = sessionWork()
  const example = await from.read({ path: join(projectRoot, 'resources/example.lamella') })
  const known = JSON.parse(example.models[0]!) as { info: { path: string; fingerprint: string } }
  const own = { ...model, fingerprint: known.info.fingerprint }
  const renamed = (json: string) => json.replaceAll(`"${known.info.path}"`, `"${own.path}"`)
  await to.begin({ path })
  await to.putJson({
    ...{ table: 'models', key: 'm' },
    json: JSON.stringify({
      ...{ ...known, formerly: ['f0'] },
      info: { ...known.info, path: own.path, name: 'gone' }
    })
  })
  const [run] = example.runs as [string]
  const { id } = JSON.parse(run) as { id: string }
  await to.putJson({ table: 'runs', key: id, json: renamed(run) })
  for (const hook of ['blocks.0.attn.hook_pattern', 'blocks.1.attn.hook_pattern']) {
    const { value, precision } = (await from.value({ run: id, hook }))!
    await to.putValue({ run: id, hook, value, precision, bySlice: true })
  }
  const content = JSON.parse(renamed(JSON.stringify(example.content))) as SessionContent
  await to.finish({
    content: {
      ...content,
      window: withFigureTab(content.window),
      library: [
        ...content.library,
        { kind: 'text', name: 'ברכה', input: { text: hebrewText } },
        { kind: 'text', name: hostile, input: { text: `${hostile}\nsecond line` } }
      ],
      notes: [
        note('1', null, markdown),
        note('2', null, `# ${hostile}\n\n${hostile} [a](javascript:alert(1))`),
        note('3', { model: own, at: { layer: 1, head: 3 } }, `${hebrewText}\n\nLooks *back*.`)
      ],
      findings: [finding(own, true), finding(own, false), { kind: 'circuit', id: 'c' }],
      figures: [Json.parse(await figure()), { kind: 'of another version' }]
    },
    saved: { at: Date.UTC(2026, 10, 27, 5, 12), version: '0.1.0', keep: 'seen' }
  })
}

/** The window of the example, with a tab of the figure in front. */
function withFigureTab(window: SessionContent['window']): SessionContent['window'] {
  const own = window as unknown as { readonly tabs: readonly object[] }
  const context = { on: 'A', with: null, options: { figure: 'f' } }
  const tabs = [...own.tabs, { id: 'panels', type: 'figure', context }]
  return Json.parse({ ...own, tabs, activeTab: 'panels' })
}

const markdown = `Two heads of block 1 do what **induction** heads do: they attend to what *followed* the present letter before.

1. Found on one half of the windows, tested on the other.
2. \`hook_pattern\` of blocks 0 and 1 is kept.

> Of random letters that come twice the same is true.

| head | score |
|-|-|
| 1.3 | 0.62 |
| 1.0 | 0.11 |

\`\`\`
scores["induction"][1, 3]
\`\`\`

See [the paper](https://example.org/induction).`

function note(id: string, on: SessionContent['notes'][number]['on'], text: string) {
  return { id, on, markdown: text, at: Date.UTC(2026, 10, 26, 21, 5) }
}

function finding(own: typeof model, holds: boolean) {
  const half = { value: 0.62, baseline: 0.08, above: 14, spread: 0.04, p: 3e-7, windows: 16 }
  const vowel = { tokens: 1040, loss: 1.5, zero: 2, mean: 1.25 }
  const tested = holds ? half : { ...half, value: 0.1, above: 9, spread: null, p: 0.4 }
  return Json.parse({
    ...{ kind: 'head', id: holds ? 'a' : 'b', at: 1, version: '0.1.0', model: own },
    ...{
      modelName: 'as it was called',
      over: 'Plays: 32 windows of 128 tokens',
      layer: 1,
      head: 3
    },
    ...{ score: 'induction', holds, found: half, tested },
    text: `head 1.3: attends to what followed the present token, ${holds ? 'held' : 'FAILED'}`,
    loss: holds ? { loss: 1.52, zero: 1.71, mean: 1.68, classes: { vowel } } : null
  })
}

async function figure(): Promise<SessionFigure> {
  const tokens = [...'To be or לא'].map(text => ({ piece: text, text, special: false }))
  const size = tokens.length
  const pattern = Float32Array.from({ length: size * size }, (_, i) => {
    const [query, key] = [Math.floor(i / size), i % size]
    return key > query ? 0 : (key + 1) / (((query + 1) * (query + 2)) / 2)
  })
  const map = drawing(
    attentionMap,
    {
      ...{ title: null, quantity: 'weight', unit: null, pattern, tokens, firstHidden: false },
      ...{ visibility: { causal: true, reach: null }, mirrored: false, view: null },
      ...{ marked: { queries: [], keys: [] }, profiles: null }
    },
    look
  )
  const bars = drawing(
    barChart,
    {
      title: null,
      bars: [
        { label: 'Embedding', value: 3, notes: [], color: 0 },
        { label: hostile.slice(0, 28), value: 5, notes: [], color: 1 }
      ]
    },
    look
  )
  return {
    ...{ kind: 'panels', id: 'f', name: 'Heads of block 1', at: 0, version: '0.0.9' },
    ...{ preset: 'icml', widthMm: 171.45, points: null, font: 'sans', background: 'paper' },
    ...{ columns: 2, lettering: '(a)', oneScale: false },
    panels: [
      await panel('p', 'Head 1.3', map.kept()!, {
        view: 'attention',
        params: { layer: 1, head: 3 }
      }),
      await panel('q', 'Parameters', bars.kept()!, { view: 'parameters', params: {} }),
      {
        ...(await panel('r', 'Damaged', map.kept()!, { none: 'it is drawn by hand', params: {} })),
        content: 'AAAA'
      }
    ]
  }
}

async function panel(
  id: string,
  title: string,
  kept: NonNullable<ReturnType<ReturnType<typeof drawing>['kept']>>,
  again: KeptProvenance['again']
): Promise<FigurePanel> {
  const content = await packedContent({
    title: `gone · ${title}`,
    drawing: kept,
    numbers: null,
    left: [],
    from: {
      version: '0.0.9',
      of: {
        ...{ model: 'gone', fingerprint: 'abcdef0123456789', input: { text: 'To be or לא' } },
        ...{ edits: [], provider: 'cpu', place: title }
      },
      ...{ less: null, precision: 'float32', ...(again && { again }) }
    },
    made: { view: 'head', context: { on: 'A', with: null }, note: '' }
  })
  return { id, title, columns: 1, caption: `${title} of gone on “To be or לא”.`, content }
}
