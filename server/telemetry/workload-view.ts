import type { Prisma } from '../kernel/db.ts'
import { type WorkloadView, workloadInput } from './contract.ts'

/** A row as others see it. */
export function workloadView(row: Prisma.WorkloadModel): WorkloadView {
  return {
    ...workloadInput.parse(row),
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}
