import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { isAbsent, isSought } from '#common/model/absence.ts'
import { useModels } from './models.ts'

/** The models that the session stands in for, whether what is said of them is put away, and whether it is said of each. */
export const useAbsentModels = defineStore('absent-models', () => {
  const models = useModels()
  const all = computed(() => models.open.filter(isAbsent))
  /** Those that are looked for where they were. */
  const sought = computed(() => all.value.filter(isSought))
  const isAway = ref(false)
  const isUnfolded = ref(false)
  watch(
    () => all.value.map(({ path, fingerprint, absent }) => `${path}\0${fingerprint}\0${absent}`),
    (now, before) => {
      // What was not said yet is not put away with what was.
      if (now.some(one => !before.includes(one))) isAway.value = false
    }
  )
  /** Puts away what is said of them, or says it again, of each. */
  function toggle(): void {
    isAway.value = !isAway.value
    isUnfolded.value = !isAway.value
  }
  return { all, sought, isAway, isUnfolded, toggle }
})
