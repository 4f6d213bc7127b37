import { visibleText } from './visible-text.ts'

/** A model by its name and by the absolute path of its folder or file. */
export interface Named {
  readonly name: string
  readonly path: string
}

/** A name among others. */
export interface DistinctName {
  readonly name: string
  /** As much of the folders above as tells it from others of the name; empty where there are none. */
  readonly where: string
}

/**
 * What each of several models is called, by its path: its name and, where another has the same, as much of the folders
 * above as tells them apart. A file that is called as all such files are goes by its folder.
 */
export function distinctNames(models: readonly Named[]): ReadonlyMap<string, DistinctName> {
  const all = [...new Map(models.map(model => [model.path, placed(model)])).values()]
  return new Map(
    all.map(model => {
      const others = all.filter(other => other !== model && other.name === model.name)
      const where = others.length === 0 ? '' : visibleText(whereOf(model, others))
      return [model.path, { name: model.name, where }]
    })
  )
}

/** The same in one line, such as `gpt2 · runs/seven`. */
export function nameText({ name, where }: DistinctName): string {
  return where === '' ? name : `${name} · ${where}`
}

interface Placed extends Named {
  readonly separator: string
  /** Parts of the path, from the root on, that the name does not say. */
  readonly above: readonly string[]
  /** The last part of the path. */
  readonly last: string
}

function placed({ name, path }: Named): Placed {
  const isWindows = /^([a-z]:|\\\\)/i.test(path)
  const separator = isWindows ? '\\' : '/'
  const parts = path.replace(/[\\/]+$/, '').split(isWindows ? /[\\/]+/ : /\/+/)
  const last = parts.at(-1)!
  const folder = parts.at(-2) ?? ''
  if (generic.test(name) && name === last && folder !== '')
    return { name: visibleText(folder), path, separator, above: parts.slice(0, -2), last }
  const above = visibleText(last) === name ? parts.slice(0, -1) : parts
  return { name, path, separator, above, last }
}

const generic = /^(model|pytorch_model|consolidated)\.(safetensors|bin|pth?|onnx)$/

/** As many folders, counted from the nearest, as no other of the name lies in; empty where its name alone tells it. */
function whereOf(model: Placed, others: readonly Placed[]): string {
  const nearest = ({ above, separator }: Placed, count: number) =>
    above.slice(-count).join(separator) || separator
  for (let count = 1; count <= model.above.length; count++) {
    const where = nearest(model, count)
    if (others.every(other => nearest(other, count) !== where)) return where
  }
  // A folder and a file in it, or two such files.
  return visibleText(model.last) === model.name ? '' : model.last
}
