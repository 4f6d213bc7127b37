import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { nothing, type Analysis, type Given, type State } from '../analysis.ts'
import { givenDataset } from '../given.ts'

const NoParams = z.strictObject({})

const gives: readonly Given[] = [
  { name: 'id', axes: ['token'], unit: '', about: 'token ids of all windows, one after the other' },
  { name: 'size', axes: ['window'], unit: 'tokens', about: 'of each window' }
]

/** All windows so far. */
interface Read extends State {
  readonly ids: Int32Array[]
  readonly labels: string[]
}

/** The windows that texts are cut into, as token ids. Nothing runs. */
export const windowTokens: Analysis<z.infer<typeof NoParams>> = {
  name: 'window-tokens',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: false,
  params: NoParams,
  about: {
    what: 'The windows that texts are cut into, as the model’s tokenizer reads them. Nothing is run.',
    formulas: [],
    sources: [],
    read: 'Windows follow one another as the other analyses of a corpus read them.',
    baseline: ''
  },
  gives,
  needs: () => nothing,
  start(_, __, state) {
    const read = (state as Read | null) ?? { ids: [], labels: [] }
    return {
      begin({ ids, label }) {
        read.ids.push(Int32Array.from(ids))
        read.labels.push(label)
      },
      take: () => undefined,
      result() {
        const id = new Int32Array(read.ids.reduce((sum, { length }) => sum + length, 0))
        let at = 0
        for (const ids of read.ids) {
          id.set(ids, at)
          at += ids.length
        }
        return givenDataset(
          gives,
          { token: axis(id.length), window: axis(read.labels) },
          { id, size: Int32Array.from(read.ids, ({ length }) => length) }
        )
      },
      state: () => read
    }
  }
}
