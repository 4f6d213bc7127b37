import { expect, it } from 'vitest'
import { headReport, type ReportedRun } from '#common/analysis/head-atlas/head-report.ts'
import { axis, dataset } from '#common/data/dataset.ts'

const nothing = { axes: ['finding'], unit: '', about: '', data: new Float64Array(0) }
const facts = ['value', 'baseline', 'spread', 'p', 'above', 'windows']
const statistics = dataset(
  { score: axis([]), layer: axis(1), head: axis(1), finding: axis([]) },
  Object.fromEntries(
    [
      ...['score', 'layer', 'head', 'holds'],
      ...facts.flatMap(fact => [`found.${fact}`, `tested.${fact}`])
    ].map(name => [`finding.${name}`, nothing])
  ),
  { windows: 3, params: { least: 0.1, alpha: 0.05 }, provider: 'cpu' }
)
const run: ReportedRun = {
  version: '1.2.3',
  model: { name: 'gpt2', fingerprint: 'abc' },
  folder: 'my models/gpt2',
  inputs: [{ text: "it's" }, { path: 'play.txt' }, { ids: [5, 17] }],
  window: 64,
  stride: 32,
  classes: { th: '^[Tt]$' },
  seed: 7,
  edits: [],
  provider: 'auto'
}

it('says the command that makes it again, as a shell reads it', () => {
  const { settings, notes } = headReport(run, { statistics, repeats: null, ablation: null })
  expect(settings.command).toBe(
    "lamella heads 'my models/gpt2' --text 'it'\\''s' --text-file play.txt --tokens 5,17 --window 64 --stride 32 --class 'th=^[Tt]$' --seed 7 --provider auto"
  )
  expect(settings).toMatchObject({ lamella: '1.2.3', windows: 3, provider: 'cpu' })
  expect(notes).toEqual([expect.stringContaining('There are 3 windows')])
})

it('asks for the ablation that it has', () => {
  const { settings } = headReport(
    { ...run, stride: null, classes: {} },
    {
      ...{ statistics, repeats: null },
      ablation: dataset({}, {})
    }
  )
  expect(settings.command).toMatch(/--window 64 --seed 7 --ablation --provider auto$/)
})
