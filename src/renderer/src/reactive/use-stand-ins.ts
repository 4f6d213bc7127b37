import { inject, provide, type InjectionKey } from 'vue'
import type { AbsentModel } from '#common/contract/schemas.ts'
import { isAbsent } from '#common/model/absence.ts'
import { useModels } from '../stores/models.ts'

type StandIns = () => readonly AbsentModel[]

const standInsOfView: InjectionKey<StandIns> = Symbol(
  'the models of a view that a session stands in for'
)

/** Tells what is within a view for which of its models a session stands in. */
export function provideStandIns(models: StandIns): void {
  provide(standInsOfView, models)
}

/** The models that are asked here for which a session stands in: those of the view, or outside of views of the focused tab. */
export function useStandIns(): StandIns {
  const models = useModels()
  return inject(standInsOfView, () =>
    models.active && isAbsent(models.active) ? [models.active] : []
  )
}
