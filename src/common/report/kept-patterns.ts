import { pooled } from '../analysis/pool.ts'
import type { ModelInfo, Run } from '../contract/schemas.ts'
import type { SessionKept } from '../contract/session.ts'
import { allHeadsMade } from '../figure/views/all-heads-figure.ts'
import { toLamellaError } from '../model/errors.ts'
import { isSameModel } from '../model/model-ref.ts'
import type { RunSource } from '../model/run-source.ts'
import type { Tensor } from '../model/tensor.ts'
import { cutShort } from '../text/cut-short.ts'
import { inputLine } from '../text/input-text.ts'
import { inItsDirection } from '../text/token-text.ts'
import { drawnForReport } from './drawn-for-report.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'
import { servedRuns } from './served-runs.ts'

/** What a session's file keeps of its runs. */
export interface KeptRuns {
  run(source: RunSource): Promise<Run>
  value(source: RunSource, hook: string): Promise<Tensor>
}

/** More runs are not drawn, which is said. */
export const mostDrawnRuns = 12
/** More of a text is cut short in the name of its figure. */
const mostLetters = 40
/** Cells along a side of a small map, and how it is coloured: as the window begins with. */
const shown = { cells: 128, pooling: 'maximum', colors: 'magma', scale: 'sqrt' } as const

type KeptRun = SessionKept['runs'][number]

/** The runs whose patterns are kept, each with the layers that are. */
export function runsWithPatterns({ runs }: SessionKept): {
  readonly source: KeptRun['source']
  readonly layers: readonly number[]
}[] {
  return runs.flatMap(({ source, values }) => {
    const layers = values.flatMap(({ hook }) => {
      const [, layer] = /^blocks\.(\d+)\.attn\.hook_pattern$/.exec(hook) ?? []
      return layer === undefined ? [] : [Number(layer)]
    })
    return layers.length === 0 ? [] : [{ source, layers: layers.sort((a, b) => a - b) }]
  })
}

/** What the heads of each run attend to, as far as their patterns are kept: nothing is computed for it. */
export async function keptPatterns(
  session: ReportedSession,
  read: KeptRuns
): Promise<ReportedFigure[]> {
  const { kept, models, saved, version } = session
  const figures: ReportedFigure[] = []
  const isServed = await servedRuns(session, read)
  for (const { source, layers } of runsWithPatterns(kept).slice(0, mostDrawnRuns)) {
    if (isServed(source.model, source.input)) continue
    const model = models.find(({ info }) => isSameModel(info, source.model))?.info
    if (model === undefined) continue
    const figure = await drawn(model, source, layers, read, saved?.version ?? version)
    const line = cutShort(inputLine(source.input), mostLetters)
    figures.push({ name: `Attention on “${inItsDirection(line)}”`, ...figure })
  }
  return figures
}

async function drawn(
  model: ModelInfo,
  source: RunSource,
  layers: readonly number[],
  read: KeptRuns,
  version: string
): Promise<Omit<ReportedFigure, 'name'>> {
  try {
    const run = await read.run(source)
    const maps: Tensor[] = []
    for (const layer of layers) {
      const pattern = await read.value(source, `blocks.${layer}.attn.hook_pattern`)
      maps.push(pooled(pattern, shown.cells, shown.pooling))
    }
    const whole = { model, run, layers, maps, firstHidden: false, mirrored: null }
    const { from, draw } = allHeadsMade(whole, { ...shown, range: 'automatic' }, version)
    return { from, drawn: drawnForReport(draw) }
  } catch (thrown) {
    const { input, edits, provider } = source
    const { name, fingerprint } = model
    const of = { model: name, fingerprint, input, edits, provider, place: 'All heads' }
    const again = { view: 'all-heads', params: { layers } }
    const from = { version, of, less: null, precision: 'float16' as const, again }
    return { from, drawn: toLamellaError(thrown).message }
  }
}
