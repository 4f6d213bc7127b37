import type { MethodName, Params } from '#common/contract/api.ts'
import type { CallOptions, Client } from '#common/contract/rpc.ts'
import type { WindowPage } from '#common/contract/window-page.ts'
import { keptPlace } from './kept-in-tab.ts'

const place = 'page'

/** A client that says which page calls where the workbench keeps something for each window. */
export function ofThisPage(client: Client): Client {
  const page: WindowPage = {
    id: crypto.randomUUID(),
    before: sessionStorage.getItem(place),
    goesOn: sessionStorage.getItem(keptPlace) !== null
  }
  return {
    on: (event, listener) => client.on(event, listener),
    call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions) {
      const isKept = method === 'workspace.load' || method === 'workspace.save'
      const answer = client.call(method, isKept ? { ...params, page } : params, options)
      // What the page before left is this one's once it has it.
      if (method === 'workspace.load')
        void answer.then(
          () => leave(page),
          () => undefined
        )
      return answer
    }
  }
}

function leave({ id }: WindowPage): void {
  try {
    sessionStorage.setItem(place, id)
  } catch {
    // There is no room: the next page takes what was left last.
    sessionStorage.removeItem(place)
  }
}
