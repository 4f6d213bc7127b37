import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useSelection } from '../../../src/renderer/src/stores/selection.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { runMasked } from '../../../src/renderer/src/window/run-masked.ts'
import { answering, model, pending, run, tokens } from '../fake-client.ts'

const own = model('a')
/** Runs that are under way, in turn. */
let running: { input: RunInput; work: ReturnType<typeof pending<Run>> }[]

beforeEach(async () => {
  setActivePinia(createPinia())
  running = []
  answering({
    'models.open': () => own,
    'models.recent': () => [],
    'library.remember': () => null,
    'text.tokenize': ({ text }) => tokens(text, []),
    'runs.start'({ source }) {
      const work = pending<Run>()
      running.push({ input: source.input, work })
      return work.promise
    }
  })
  await useModels().openPath(own.path)
  useRuns().text = 'one two'
})

/** The second of two words is masked, and that is run. */
const masked = () => runMasked(1, tokens('one two', [3])[1]!, '[MASK]')

/** A run that was asked for comes. */
function finish(at: number): Run {
  const { input, work } = running[at]!
  const text = 'text' in input ? input.text : ''
  const done = { ...run(own, text), tokens: tokens(text, [3]) }
  work.resolve(done)
  return done
}

it('selects the mask in the run of its text', async () => {
  const work = masked()
  const done = finish(0)
  await work
  expect(done.source.input).toEqual({ text: 'one [MASK]' })
  expect(useSelection().cellIn(done, 'A')).toEqual({ query: 1, key: 1 })
})

it('selects nothing in the tab that has the focus by then', async () => {
  const work = masked()
  useTabs().open('attention', 'B')
  const done = finish(0)
  await work
  expect(useSelection().cellIn(done, 'B')).toBeNull()
  expect(useSelection().cellIn(done, 'A')).toEqual({ query: 1, key: 1 })
})

it('selects nothing where another text was run meanwhile', async () => {
  const work = masked()
  const runs = useRuns()
  const first = finish(0)
  runs.text = 'another text'
  const next = runs.start()
  finish(1)
  await Promise.all([work, next])
  expect(useSelection().cellIn(first, 'A')).toBeNull()
})
