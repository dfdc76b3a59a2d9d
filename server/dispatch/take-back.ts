import { beginWayBack } from './attempt.ts'
import { fail } from './endings.ts'
import { type Leg, stagesOfLegs } from './legs.ts'
import { commitStep, type Run } from './step.ts'
import { verifyStage } from './verify.ts'
import { writeAction } from './write.ts'

/**
 * rolling_back → rolled_back: takes back what was applied, the last stage first, as was approved with the plan. An earlier
 * stage is not touched before the later one is back and ready, so that no moment of the way back is one that the way there did
 * not have. What cannot be taken back ends it there, saying what stands where.
 */
export async function takeBack(run: Run): Promise<void> {
  const stages = stagesOfLegs(run.legs).map((legs) => legs.map(({ row }) => row.position))
  for (const positions of stages.toReversed()) {
    if (!(await takeStageBack(run, positions))) return
  }
  const { legs } = run
  const why = legs.flatMap(({ row }) => (row.state === 'waiting' ? [] : (row.note ?? [])))[0] ?? ''
  const note = [why, 'What was applied before was taken back.'].filter(Boolean).join(' ')
  const targets = legs.filter(({ row }) => row.takenBackAt !== null).map(({ action }) => action.targetId)
  await commitStep(run, {
    to: 'rolled_back',
    note,
    audit: { action: 'dispatch.rolled-back', body: { targets } },
  })
}

/** False if the dispatch ended or waits. */
async function takeStageBack(run: Run, positions: number[]): Promise<boolean> {
  const ofStage = () =>
    run.legs.filter(({ row }) => positions.includes(row.position) && row.appliedAt !== null)
  for (const leg of ofStage()
    .filter(({ row }) => row.takenBackAt === null)
    .toReversed()) {
    if (!(await writeBack(run, leg))) return false
  }
  const legs = ofStage().filter(({ row }) => row.state !== 'undone')
  return legs.length === 0 || verifyStage(run, { legs, way: 'back', last: false })
}

async function writeBack(run: Run, leg: Leg): Promise<boolean> {
  const attempt = beginWayBack(run, leg)
  if (attempt !== null) return writeAction(attempt)
  const note = `The approval has nothing that takes "${leg.action.targetName}" back.`
  await fail(run, { note, position: leg.row.position })
  return false
}
