import type { Provider } from '#common/model/provider.ts'
import type { Model } from './model.ts'

/** What the engine calls a part of a model. */
export function partName({ info }: Pick<Model, 'info'>, provider: Provider, part: string): string {
  return `${info.id} ${provider} ${part}`
}

/** Whether a part of the engine is one of a model's. */
export function isPartOf({ info }: Pick<Model, 'info'>, part: string): boolean {
  return part.startsWith(`${info.id} `)
}
