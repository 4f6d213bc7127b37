import { useModels } from '../stores/models.ts'

export interface KnownModel {
  readonly name: string
  readonly path: string
  /** The folder it lies in, where another one has the same name; else nothing. */
  readonly where: string
}

const most = 8

/** Models that were opened before and are not open now, newest first. */
export function recentModels(): KnownModel[] {
  return closed(useModels().recent).slice(0, most)
}

/** Models that come with the program and are neither open nor among the recent. */
export function sampleModels(): KnownModel[] {
  const { recent, samples } = useModels()
  const opened = new Set(recent.map(({ path }) => path))
  return closed(samples.filter(({ path }) => !opened.has(path)))
}

function closed(listed: readonly { readonly name: string; readonly path: string }[]): KnownModel[] {
  const { open, recent, samples } = useModels()
  const known = [...open, ...recent, ...samples].map(named)
  return listed
    .filter(({ path }) => !open.some(model => model.path === path))
    .map(named)
    .map(({ name, path }) => {
      const alike = known.some(other => other.name === name && other.path !== path)
      return { name, path, where: alike ? (folderOf(path) ?? '') : '' }
    })
}

/** A file that is called as all such files are goes by its folder. */
function named({ name, path }: { readonly name: string; readonly path: string }) {
  const bare = /^(model|pytorch_model|consolidated)\.(safetensors|bin|pth?|onnx)$/.test(name)
  return { name: bare ? (folderOf(path) ?? name) : name, path }
}

/** Name of the folder that a file or folder lies in. */
function folderOf(path: string): string | undefined {
  return path.split(/[\\/]/).filter(Boolean).at(-2)
}
