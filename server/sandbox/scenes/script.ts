import { poolsOf, type Scene, type SceneInput, type ScenePool, type Story, sceneSchema } from '../contract.ts'

/** A scene that a person starts: its story, and a small cloud of its own. */
export type Script = Story & { scene: SceneInput }

/** Names of the second and later runs carry its number, so that what was decided in earlier ones stays theirs. */
function named(name: string, run: number): string {
  return run === 1 ? name : `${name}-${run}`
}

/** The cloud of one run. Places are the same in every run; workloads and targets are its own. */
export function sceneOf({ scene }: Pick<Script, 'scene'>, run: number): Scene {
  const parsed = sceneSchema.parse(scene)
  const pool = (one: ScenePool): ScenePool => ({
    ...one,
    target: { target: named(one.target.target, run) },
    governs: one.governs === null ? null : named(one.governs, run),
  })
  return {
    ...parsed,
    workloads: parsed.workloads.map((entry) => {
      const [first, ...others] = poolsOf(entry).map(pool)
      const { submitter, workload } = entry
      return {
        ...entry,
        workload: { ...workload, name: named(workload.name, run), title: titled(workload.title, run) },
        pool: first ?? entry.pool,
        otherPools: others,
        submitter: submitter && { ...submitter, target: named(submitter.target, run) },
      }
    }),
  }
}

function titled(title: string, run: number): string {
  return run === 1 ? title : `${title} (run ${run})`
}
