import { paramsSchema } from '#common/analysis/params-schema.ts'
import { comparesTwo, type FigureView } from '#common/figure/views/figure-view.ts'
import { headVisView } from '#common/figure/views/headvis-view.ts'
import { figureViews } from '#common/figure/views/registry.ts'
import { sides, type Sides } from '#common/analysis/sides.ts'
import { printedJson } from './printed-json.ts'

const read = {
  text: 'a text',
  windows: 'a text or a corpus, in windows',
  weights: 'the weights alone',
  'windows or weights': 'a text or a corpus, or the weights alone where it is of these',
  checkpoints:
    'the checkpoints beside the model, with a text or a corpus where the number is of one',
  tokenizer: 'the tokenizer alone',
  tokenizers: 'a text, by the tokenizer of the model, and of each that is given by --with',
  'two windows': 'two models, each with a text or a corpus, in windows',
  'two weights': 'the weights alone, of two models',
  headvis: 'a HeadVis folder, in place of a model'
} as const

/** The figures that there are: what they are of and their params. */
export function listFigures({ json }: { readonly json?: boolean }): string {
  const all = [...figureViews, headVisView].map(({ name, about, of, params, ...own }) => ({
    name,
    about,
    of,
    sides: sidesOf(of, 'less' in own),
    ofSecond: ('less' in own && own.less?.ofSecond) || [],
    params: paramsSchema(params).properties ?? {}
  }))
  if (json) return printedJson(all)
  return all
    .map(({ name, about, of, sides, ofSecond, params }) => {
      const settings = Object.entries(params).map(([key, schema]) => {
        const usual = typeof schema === 'object' ? schema.default : undefined
        return usual === undefined ? key : `${key}=${JSON.stringify(usual)}`
      })
      const facts = [
        ['of', read[of]],
        ['sides', sidesText(sides, ofSecond)],
        ['params', settings.join(' ') || 'none']
      ] as const
      const lines = facts.map(([fact, value]) => `  ${fact.padEnd(8)}${value}`)
      return [name, `  ${about}`, ...lines].join('\n')
    })
    .join('\n\n')
}

/** What can be made of two, and which params the second may have of its own in a difference. */
function sidesText(sides: readonly Sides[], ofSecond: readonly string[]): string {
  const own = ofSecond.length === 0 ? '' : ` (--with-set of ${ofSecond.join(', ')})`
  return (
    sides.map(side => (side === 'difference' ? `${side}${own}` : side)).join(', ') ||
    'none: it compares two by itself'
  )
}

/** What can be made of two of its figures. */
function sidesOf(of: FigureView['of'] | 'headvis', subtracts: boolean): readonly Sides[] {
  if (of !== 'headvis' && comparesTwo(of)) return []
  return subtracts ? sides : ['beside']
}
