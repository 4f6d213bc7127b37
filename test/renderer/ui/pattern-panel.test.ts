import { computed, createSSRApp, h, ref, shallowRef } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import type { Latest } from '../../../src/renderer/src/reactive/use-latest.ts'
import type { ViewSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { provideTab } from '../../../src/renderer/src/reactive/use-view-options.ts'
import type {
  PatternSource,
  ShownPattern
} from '../../../src/renderer/src/ui/attention-map/pattern.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import PatternPanel from '../../../src/renderer/src/ui/PatternPanel.vue'
import { answering, model, run, tokens } from '../fake-client.ts'
import { askingStores } from '../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const letters = model('letters')
const before = run(letters, 'ab', { tokens: tokens('ab', [1]) })

function pattern(name: string, weight: number): ShownPattern {
  return {
    ...{ model: letters, run: before, name, unit: null, tokens: writtenTokens(before) },
    ...{ visibility: null, firstHidden: false, baseline: true, precision: 'float16' },
    data: Float32Array.of(1, 0, weight, 1 - weight),
    again: { view: 'attention', params: {} },
    extent: { low: 0, high: 1 }
  }
}

/** Where a pattern stands, and whether it is what is asked for now. */
function sourceOf(shown: ShownPattern | null, how: 'now' | 'pending' | 'failed'): PatternSource {
  const value = computed(() => shown)
  const latest: Latest<ShownPattern> = {
    ...{ value, standing: value, current: computed(() => (how === 'now' ? shown : null)) },
    pending: ref(how === 'pending'),
    error: shallowRef(how === 'failed' ? new LamellaError('engine-failed', 'It stopped') : null),
    retry: () => undefined
  }
  const place = { missing: ref(null), unasked: ref(false), lastLayer: ref(1) }
  return { ...{ latest, shown: value, mirrored: ref(false), name: ref('Head 1.5') }, ...place }
}

/** What stands below the maps, as it reads. */
async function read(
  first: PatternSource,
  { second = sourceOf(null, 'now'), of = before } = {}
): Promise<string> {
  askingStores()
  answering({})
  vi.stubGlobal('window', { addEventListener: () => undefined, devicePixelRatio: 1 })
  for (const name of ['ResizeObserver', 'Worker'])
    vi.stubGlobal(
      name,
      class {
        addEventListener = () => undefined
      }
    )
  const subject = {
    ...{ model: letters, run: of, hover: null, selected: null, waiting: false },
    cell: of === before ? { query: 1, key: 0 } : null
  } as unknown as ViewSubject
  const other = second.shown.value === null ? null : subject
  const app = createSSRApp({
    setup() {
      provideTab(() => 'tab')
      return () => h(PatternPanel, { first, second, subject, other })
    }
  })
  const html = await renderToString(app)
  return html
    .slice(html.indexOf('aria-label="Read-out"'))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

it('tells the weight of the head that is asked for, and of the one before none', async () => {
  expect(await read(sourceOf(pattern('Head 1.5', 0.0539), 'now'))).toContain('weight 0.0539')
  for (const how of ['pending', 'failed'] as const) {
    const text = await read(sourceOf(pattern('Head 0.0', 0.0229), how))
    expect(text).not.toContain('0.0229')
    expect(text).toContain('still Head 0.0')
    // Where it is read is the same.
    expect(text).toContain('query 1')
  }
})

it('tells neither of two that are compared while one of them is of before', async () => {
  const own = sourceOf(pattern('Head 1.5', 0.0539), 'now')
  const now = await read(own, { second: sourceOf(pattern('Head 0.1', 0.0229), 'now') })
  expect(now).toContain('0.0539 and 0.0229')
  const text = await read(own, { second: sourceOf(pattern('Head 0.0', 0.0229), 'failed') })
  expect(text).not.toContain('0.0229')
  expect(text).toContain('still Head 0.0')
})

it('says that a pattern is of the run before', async () => {
  const of = run(letters, 'ac')
  const text = await read(sourceOf(pattern('Head 1.5', 0.0229), 'pending'), { of })
  expect(text).toContain('still of the run before')
  expect(text).not.toContain('0.0229')
})
