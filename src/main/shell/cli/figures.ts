import { paramsSchema } from '#common/analysis/params-schema.ts'
import { figureViews } from '#common/figure/views/registry.ts'

const read = {
  text: 'a text',
  weights: 'the weights alone',
  checkpoints: 'the checkpoints beside the model, with a text where the number is of one',
  tokenizer: 'the tokenizer alone',
  tokenizers: 'a text, by the tokenizer of the model, and of another where one is given by --with',
  'two texts': 'two models, each with a text',
  'two weights': 'the weights alone, of two models'
} as const

/** The figures that there are: what they are of and their params. */
export function listFigures({ json }: { readonly json?: boolean }): string {
  const all = figureViews.map(({ name, about, of, params }) => ({
    name,
    about,
    of,
    params: paramsSchema(params).properties ?? {}
  }))
  if (json) return JSON.stringify(all, null, 2)
  return all
    .map(({ name, about, of, params }) => {
      const settings = Object.entries(params).map(([key, schema]) => {
        const usual = typeof schema === 'object' ? schema.default : undefined
        return usual === undefined ? key : `${key}=${JSON.stringify(usual)}`
      })
      return `${name}\n  ${about}\n  of      ${read[of]}\n  params  ${settings.join(' ') || 'none'}`
    })
    .join('\n\n')
}
