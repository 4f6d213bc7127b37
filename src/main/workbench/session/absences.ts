import type { Absence } from '#common/model/absence.ts'
import type { Clients } from '../clients.ts'

/** Why models are stood in for, of each client, by the id of what stands in. */
export interface Absences {
  /** Null where none stands in under that id. */
  of(client: string, id: string): Absence | null
  set(client: string, id: string, absence: Absence): void
  /** @returns whether something stood in under that id */
  delete(client: string, id: string): boolean
}

export function createAbsences(clients: Pick<Clients, 'onGone'>): Absences {
  const absences = new Map<string, Map<string, Absence>>()
  clients.onGone(client => void absences.delete(client))
  return {
    of: (client, id) => absences.get(client)?.get(id) ?? null,
    set(client, id, absence) {
      const own = absences.get(client) ?? new Map<string, Absence>()
      absences.set(client, own.set(id, absence))
    },
    delete: (client, id) => absences.get(client)?.delete(id) ?? false
  }
}
