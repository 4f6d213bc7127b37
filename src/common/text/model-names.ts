import type { ModelRef } from '../model/model-ref.ts'
import { visibleText } from './visible-text.ts'

/** A model as it is told of: by its name, and by what tells it from others. */
export interface ToldModel extends Pick<ModelRef, 'fingerprint'> {
  readonly name: string
}

/** What a model is called among others: where another one has its name, by the first letters of its fingerprint, too. */
export function modelNameAmong(
  models: readonly ToldModel[],
  { name, fingerprint }: ToldModel
): string {
  const isOne = models.every(own => own.name !== name || own.fingerprint === fingerprint)
  return visibleText(isOne ? name : `${name} (files ${fingerprint.slice(0, 8)})`)
}
