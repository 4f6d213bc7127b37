import { kindOf, type Scope, type Subject } from '#common/model/subject.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import { Edit } from '#common/model/edit.ts'
import { editText } from '#common/text/edit-text.ts'
import type { z } from 'zod'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useWindow } from '../../stores/window.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { changeEdits } from '../change-edits.ts'
import { objectName } from './object-name.ts'

/** What can be changed of an object inside the run of a group, or of a tab that stands alone. */
export function editVerbs(subject: Subject, scope: Scope): MenuEntry[] {
  const runs = useRuns()
  const model = useModels().activeOf(scope)
  const { layer, head, query, key, neuron } = subject.at
  // Runs of a stock graph cannot be edited.
  if (!model || model.notRunnable !== null || model.family === null || layer === undefined)
    return []
  const section = 'Edit'
  const gives = (hook: BlockHook) => model.hooks.includes(blockHookName(layer, hook))
  const add = (edit: z.input<typeof Edit>) =>
    changeEdits([...runs.editsOf(model, scope), Edit.parse(edit)], scope)
  /** Zero, mean and any factor for part of a hook. */
  const changes = (name: string, hook: BlockHook, at: Edit['at']): MenuEntry[] => {
    if (!gives(hook)) return []
    const full = blockHookName(layer, hook)
    return [
      { section, title: `Ablate ${name}`, run: () => add({ hook: full, at, scale: 0 }) },
      {
        section,
        title: `Replace ${name} by its mean`,
        run: () => add({ hook: full, at, scale: 0, add: 'mean' })
      },
      {
        section,
        title: `Scale ${name}…`,
        run: () =>
          useWindow().askNumber({
            title: `Scale ${name}`,
            label: 'Factor',
            value: 0.5,
            take: scale => add({ hook: full, at, scale })
          })
      }
    ]
  }
  switch (kindOf(subject)) {
    case 'head':
      return changes(`head ${layer}.${head}`, 'attn.hook_z', { head: [head!] })
    case 'cell': {
      if (!gives('attn.hook_attn_scores')) return []
      const at = { head: [head!], query: [query!], key: [key!] }
      const hook = blockHookName(layer, 'attn.hook_attn_scores')
      return [
        {
          section,
          title: `Knock out the edge ${query} → ${key}`,
          note: `head ${layer}.${head}`,
          run: () => add({ hook, at, add: '-inf' })
        },
        ...changes(`head ${layer}.${head}`, 'attn.hook_z', { head: [head!] })
      ]
    }
    case 'block':
      return [
        ...changes(`the attention of block ${layer}`, 'hook_attn_out', {}),
        ...changes(`the MLP of block ${layer}`, 'hook_mlp_out', {})
      ]
    case 'neuron':
      return changes(objectName(subject).toLowerCase(), 'mlp.hook_post', { unit: [neuron!] })
    default:
      return []
  }
}

/** What takes edits back that a run has: each of them, and of several all. */
export function takeBackVerbs(scope: Scope): MenuEntry[] {
  const model = useModels().activeOf(scope)
  const edits = model ? useRuns().editsOf(model, scope) : []
  const section = 'Edit'
  return [
    ...edits.map((edit, i) => ({
      section,
      title: `Remove the edit: ${editText(edit)}`,
      run: () => changeEdits(edits.toSpliced(i, 1), scope)
    })),
    ...(edits.length > 1
      ? [{ section, title: 'Remove all edits', run: () => changeEdits([], scope) }]
      : [])
  ]
}
