import { addsFromRun, type Edit, type IndexRange } from '../model/edit.ts'
import type { RunInput } from '../model/run-input.ts'
import { cutShort } from './cut-short.ts'

/** More letters of another run's text, or token ids of it, are cut short. */
const most = { letters: 40, ids: 16 }

/** An edit in a few words, such as `head 2.1 ablated`; its hook's name where there is no shorter one. */
export function editText({ hook, at, scale, add }: Edit): string {
  return `${placeText(hook, at)} ${changeText(hook, scale, add)}`
}

function placeText(hook: string, at: Edit['at']): string {
  const [, layer, part] = /^blocks\.(\d+)\.(.+)$/.exec(hook) ?? []
  if (layer === undefined || part === undefined) return withAxes(hook, at)
  const heads = at.head === undefined ? [] : indices(at.head)
  const [head] = heads
  if (heads.length === 1 && part.startsWith('attn.')) {
    const name = `head ${layer}.${head}`
    if (part === 'attn.hook_attn_scores' && at.query && at.key)
      return `${name}, edge ${rangeText(at.query)} → ${rangeText(at.key)}`
    return withAxes(part === 'attn.hook_z' ? name : `${name} ${part}`, { ...at, head: undefined })
  }
  const names: Readonly<Record<string, string>> = {
    hook_attn_out: 'attention',
    hook_mlp_out: 'MLP',
    'mlp.hook_post': 'neurons',
    hook_resid_pre: 'residual'
  }
  const name = names[part]
  return withAxes(name === undefined ? hook : `${name} of block ${layer}`, at)
}

function withAxes(name: string, at: Edit['at']): string {
  const told = Object.entries(at).flatMap(([axis, range]) =>
    range === undefined ? [] : `${axis} ${rangeText(range)}`
  )
  return [name, ...told].join(', ')
}

function changeText(hook: string, scale: number, add: Edit['add']): string {
  if (add === '-inf') return 'knocked out'
  if (add === null || add === 0) return scale === 0 ? 'ablated' : `× ${short(scale)}`
  const what = addText(hook, add)
  if (scale === 0) return `← ${what}`
  return scale === 1 ? `+ ${what}` : `× ${short(scale)} + ${what}`
}

function addText(hook: string, add: NonNullable<Edit['add']>): string {
  if (add === 'mean') return 'its mean'
  if (!addsFromRun(add)) return typeof add === 'number' ? short(add) : 'a direction'
  const { from, hook: theirs, times } = add
  const what = theirs === hook ? 'another run’s' : `${theirs} of another run`
  const run = [inputText(from.input), ...from.edits.map(editText)].join('; ')
  return `${times === 1 ? '' : `${short(times)} × `}${what} (${run})`
}

function inputText(input: RunInput): string {
  if ('ids' in input) {
    const ids = input.ids.slice(0, most.ids)
    return `token ids ${ids.join(' ')}${ids.length < input.ids.length ? ` … ${input.ids.length} in all` : ''}`
  }
  return `“${cutShort(input.text.replaceAll(/\s+/g, ' '), most.letters)}”`
}

/** A number as it would be typed, with three digits at most. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function indices(range: IndexRange): readonly number[] {
  if (typeof range !== 'string') return range
  const [start = 0, end = 0] = range.split(':').map(Number)
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
}

function rangeText(range: IndexRange): string {
  return typeof range === 'string' ? range : range.join(' ')
}
