import { z } from 'zod'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { axesOf, matchingHooks, parseHookName } from '../../model/hooks.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import { givenDataset } from '../given.ts'

const HookValueParams = z.strictObject({
  /** Hooks within blocks, comma-separated; `*` stands for any run of characters. */
  hooks: z.string().min(1).max(100_000)
})
type HookValueParams = z.infer<typeof HookValueParams>

const gives: readonly Given[] = [
  {
    name: 'id',
    axes: ['pos'],
    unit: '',
    about: 'token ids; beside them each hook under its own name, with its axes'
  }
]

/** The values of hooks of one window as they are, for use elsewhere. */
export const hookValues: Analysis<HookValueParams> = {
  name: 'hook-values',
  version: 1,
  // Of one, but gone through once: nothing of it is kept.
  of: 'windows',
  compares: false,
  keeps: false,
  params: HookValueParams,
  about: {
    what: 'The values of any hooks within blocks of one text, whole and float32 as computed: what harvest writes for each window.',
    formulas: [],
    sources: [],
    read: 'Each variable has the name of its hook and the axes of common/model/hooks.ts; keys and values of grouped queries are of kv_head.',
    baseline: ''
  },
  gives,
  needs: ({ hooks }, model) => ({ ...nothing, hooks: hooksWithinBlocks(hooks, model) }),

  start({ hooks }, model) {
    const asked = hooksWithinBlocks(hooks, model)
    let ids = new Int32Array(0)
    let windows = 0
    const axes: Record<string, Dataset['axes'][string]> = {}
    const variables: Record<string, Dataset['variables'][string]> = {}
    return {
      begin(window) {
        if (++windows > 1)
          throw new LamellaError(
            'invalid-argument',
            'hook-values is of one window, and there are more',
            'Give one text that the model takes at once.'
          )
        ids = Int32Array.from(window.ids)
      },
      take(taken) {
        if (taken.kind !== 'hook') return
        const { hook, shape, data } = taken
        const names = axesOf(parseHookName(hook)!).map(name =>
          name === 'head' && /hook_(k|v|rot_k)$/.test(hook) ? 'kv_head' : name
        )
        names.forEach((name, i) => (axes[name] = axis(shape[i]!)))
        variables[hook] = { axes: names, data, unit: '', about: '' }
      },
      result() {
        const own = givenDataset(gives, { pos: axis(ids.length) }, { id: ids })
        const ordered = Object.fromEntries(asked.map(hook => [hook, variables[hook]!]))
        return dataset({ ...axes, ...own.axes }, { ...own.variables, ...ordered })
      },
      state: () => ({})
    }
  }
}

/** @throws LamellaError `invalid-argument` when none matches, or one is not within a block */
export function hooksWithinBlocks(
  patterns: string,
  { hooks = [], name }: Pick<ModelFacts, 'hooks' | 'name'>
): string[] {
  const matching = matchingHooks(patterns, hooks)
  const outside = matching.find(hook => parseHookName(hook)?.layer === null)
  if (matching.length > 0 && outside === undefined) return matching
  throw new LamellaError(
    'invalid-argument',
    outside === undefined
      ? `hooks: ${name} has none that matches ${patterns}`
      : `hooks: ${outside} is not within a block`,
    'Hooks are such as blocks.*.hook_resid_post; trace writes those outside of blocks.'
  )
}
