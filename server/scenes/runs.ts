import type { Db, Tx } from '../kernel/db.ts'
import type { SceneRun } from '../kernel/generated/client.ts'

/** The newest run of a scene; null before the first. */
export async function newestRun(db: Db | Tx, scene: string): Promise<SceneRun | null> {
  return db.sceneRun.findFirst({ where: { scene }, orderBy: { run: 'desc' } })
}
