import type { MethodName, Params, Result } from '#common/contract/api.ts'
import type { CallOptions, Client } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'

/** Where in the tab's storage. */
export const keptPlace = 'window'

/**
 * A client that keeps what the window saves in the page's own storage, too, until the workbench has it: a page that is loaded
 * anew in this tab goes on with that, whatever became of the workbench. A tab that would be closed over it asks.
 * @param onTaken is told once such is given in place of what the workbench has
 * @param isRefused whether another workbench answers here: at its address this tab has what it keeps, and nothing is asked
 */
export function keptInTab(client: Client, onTaken: () => void, isRefused: () => boolean): Client {
  let kept = sessionStorage.getItem(keptPlace)
  let isHereOnly = false
  window.addEventListener('beforeunload', event => {
    // The desktop's window would stay open without a word.
    if (isHereOnly && !window.lamella && !isRefused()) event.preventDefault()
  })

  function keep(state: string): void {
    kept = state
    try {
      sessionStorage.setItem(keptPlace, state)
    } catch {
      // There is no room, and what was kept before is no longer so.
      sessionStorage.removeItem(keptPlace)
    }
  }

  async function save(params: Params<'workspace.save'>, options?: CallOptions): Promise<unknown> {
    const { state } = params
    keep(state)
    try {
      await client.call('workspace.save', params, options)
    } catch (thrown) {
      if (toLamellaError(thrown).code === 'disconnected') isHereOnly = true
      throw thrown
    }
    // More may have been done meanwhile.
    if (kept !== state) return null
    kept = null
    isHereOnly = false
    sessionStorage.removeItem(keptPlace)
    return null
  }

  async function load(params: Params<'workspace.load'>, options?: CallOptions): Promise<unknown> {
    const left = await client.call('workspace.load', params, options)
    if (kept === null || kept === JSON.stringify(left)) return left
    const own = await readable(kept)
    if (own === null) {
      kept = null
      sessionStorage.removeItem(keptPlace)
      return left
    }
    onTaken()
    return own
  }

  return {
    on: (event, listener) => client.on(event, listener),
    call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions) {
      // TypeScript cannot see that one name picks both params and result.
      const given: unknown = params
      if (method === 'workspace.save')
        return save(given as Params<'workspace.save'>, options) as Promise<Result<M>>
      if (method === 'workspace.load')
        return load(given as Params<'workspace.load'>, options) as Promise<Result<M>>
      return client.call(method, params, options)
    }
  }
}

/** A window as it was kept, where it can be read by this version. */
async function readable(kept: string): Promise<unknown> {
  // Hardly a page has such, and the window's code is on its way meanwhile.
  const { parseWorkspace } = await import('./stores/workspace-state.ts')
  try {
    const own: unknown = JSON.parse(kept)
    return parseWorkspace(own) === null ? null : own
  } catch {
    return null
  }
}
