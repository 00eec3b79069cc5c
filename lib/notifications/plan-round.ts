interface Round<T> {
  plan: (profile: T) => Promise<void>
  /** One that could not be planned; the others follow all the same. */
  onFailure: (profile: T, error: unknown) => void
}

/**
 * Plans one profile after the other. A round that was stopped is gone on with after its last profile the next time, so that
 * those at the end have their turn as well.
 * @returns what runs a round over profiles in the order of their ids. @throws the last error, when it is everybody's
 */
export function makeRound<T extends { profileId: string }>({ plan, onFailure }: Round<T>) {
  let last = ''
  return async (profiles: readonly T[], signal: AbortSignal): Promise<void> => {
    const next = profiles.findIndex(({ profileId }) => profileId > last)
    const failures: unknown[] = []
    for (const profile of next < 0 ? profiles : [...profiles.slice(next), ...profiles.slice(0, next)]) {
      if (signal.aborted) return
      // Before its plan: one that takes all the time is not the first of the next round again.
      last = profile.profileId
      try {
        await plan(profile)
      } catch (error) {
        failures.push(error)
        onFailure(profile, error)
      }
    }
    last = ''
    if (failures.length > 0 && failures.length === profiles.length) throw failures.at(-1)
  }
}
